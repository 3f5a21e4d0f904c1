import { describe, expect, it } from "vitest";
import { authorisePath } from "../component/ConnectDialog.tsx";
import { discordLogin } from "./Login.tsx";

describe("addresses somebody leaves by", () => {
  it("come back to the page that was open", () => {
    expect(discordLogin({ pathname: "/orders", search: "?state=filled&q=a b" })).toBe(
      "/api/v1/auth/discord?next=%2Forders%3Fstate%3Dfilled%26q%3Da%20b",
    );
  });
  it("carry what the broker's connection is to be, and a typed word for real money alone", () => {
    const draft = {
      broker: "alpaca",
      label: " My & yours ",
      confirm: "LIVE",
      rightsUnread: true,
      lossAction: "block_only",
    } as const;
    expect(authorisePath({ ...draft, mode: "paper" }, true)).toBe(
      "/connections/oauth/alpaca/start?mode=paper&label=My+%26+yours",
    );
    expect(authorisePath({ ...draft, mode: "live" }, true)).toBe(
      "/connections/oauth/alpaca/start?mode=live&label=My+%26+yours&confirm=LIVE&rights_unread=true&daily_loss_action=block_only",
    );
    expect(authorisePath({ ...draft, mode: "live" }, false)).not.toContain("daily_loss_action");
  });
});
