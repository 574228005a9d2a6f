import type { Change } from "../../change/change.ts";
import { visible } from "../../kinds/visible-text.ts";
import { entryOf } from "../../report/entry.ts";
import { plainText, type Tone } from "../../report/line.ts";
import { countsText, KIND_LABELS, type Tense } from "../../report/wording.ts";
import type { Style } from "../context/style.ts";
import type { Outcome } from "./outcome.ts";

const SIGNS = { create: "+", update: "~", delete: "-", replace: "±", same: " " } as const;
const COLORS = { create: "green", update: "yellow", delete: "red", replace: "red", same: "dim" } as const;
const TONES: Partial<Record<Tone, "red" | "yellow" | "green" | "dim">> = {
  loss: "red",
  exposure: "red",
  failure: "red",
  advice: "yellow",
  added: "green",
  removed: "red",
  quiet: "dim",
};

/** What became of an environment, for people. */
export function outcomeText(outcome: Outcome, title: string, style: Style): string {
  const { environment, stack, summary, changes, diagnostics, error } = outcome;
  const tense = title.endsWith("preview") ? "future" : "past";
  const name = environment === stack ? environment : `${environment} (stack ${stack})`;
  const lines = [style.bold(`${name}: ${title} ${error === undefined ? "done" : `failed, ${error.message}`}`)];
  for (const { severity, client, message } of diagnostics) {
    const subject = client === undefined ? "" : `${client}: `;
    lines.push(style[severity === "error" ? "red" : "yellow"](indent(`${severity}: ${subject}${message}`)));
  }
  lines.push(...changes.flatMap((change) => changeLines(change, tense, style)));
  const counts = countsText(summary, tense);
  if (error === undefined || counts !== "no clients") lines.push(`  ${counts}`);
  return `${lines.join("\n")}\n`;
}

function changeLines(change: Change, tense: Tense, style: Style): string[] {
  const { client, kind } = change;
  const { action, lines } = entryOf([change], tense);
  return [
    style[COLORS[change.action]](`  ${SIGNS[change.action]} ${visible(client)} (${KIND_LABELS[kind]}) ${action}`),
    // What was done was looked at before: afterwards it only says what it was.
    ...lines
      .filter(({ tone }) => tense === "future" || tone !== "exposure")
      .map((line) => {
        const text = `      ${visible(plainText(line))}`;
        const color = TONES[line.tone];
        return color === undefined ? text : style[color](text);
      }),
  ];
}

const indent = (text: string) => `  ${text.split("\n").join("\n    ")}`;
