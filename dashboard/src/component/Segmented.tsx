// One choice out of a few, side by side.

interface SegmentedProps<T extends string> {
  label: string;
  options: readonly { code: T; name: string; tone?: string }[];
  value: T;
  change: (code: T) => void;
}

export function Segmented<T extends string>({ label, options, value, change }: SegmentedProps<T>) {
  return (
    <fieldset className="segmented">
      <legend className="visually-hidden">{label}</legend>
      {options.map(({ code, name, tone }) => (
        <button
          key={code}
          type="button"
          className={tone}
          aria-pressed={value === code}
          onClick={() => change(code)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
