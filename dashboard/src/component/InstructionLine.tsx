// One instruction of a signal, in a line.

import type { Instruction } from "../api/schema.ts";
import { action, details, subject } from "../format/instruction.ts";
import { Side } from "./Figure.tsx";

export function InstructionLine({ one }: { one: Instruction }) {
  return (
    <span className="instruction">
      <span className="head">
        <span className="act">{action(one)}</span> {one.side ? <Side side={one.side} /> : null}{" "}
        <span className="symbol">{subject(one)}</span>
      </span>
      {details(one).map((part) => (
        <span key={part} className="part">
          {part}
        </span>
      ))}
    </span>
  );
}
