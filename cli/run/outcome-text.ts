import type { Change } from "../../change/change.ts";
import { RUN_FAILED } from "../../deployment/deployment-error.ts";
import { visible } from "../../kinds/visible-text.ts";
import { entryOf } from "../../report/entry.ts";
import { plainText, type Tone } from "../../report/line.ts";
import { countsText, KIND_LABELS, type Tense } from "../../report/wording.ts";
import type { Style } from "../context/style.ts";
import type { Diagnostic, Outcome } from "./outcome.ts";

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

/**
 * The outcome of an environment as text.
 *
 * @param advice whether the advice on clients that do not change is shown. Unset: it is counted
 */
export function outcomeText(outcome: Outcome, title: string, style: Style, advice = false): string {
  const { environment, stack, movedFrom, summary, changes, diagnostics, error } = outcome;
  const tense = title.endsWith("preview") ? "future" : "past";
  const name = environment === stack ? environment : `${environment} (stack ${stack})`;
  const lines = [style.bold(`${name}: ${title} ${endText(error?.message, diagnostics)}`)];
  const changing = new Set(changes.map(({ client }) => client));
  const quiet = ({ severity, client }: Diagnostic) =>
    !advice && severity === "advice" && client !== undefined && !changing.has(client);
  const known = diagnostics.filter(quiet).length;
  for (const { severity, client, message } of diagnostics.filter((one) => !quiet(one))) {
    const subject = client === undefined ? "" : `${client}: `;
    lines.push(style[severity === "error" ? "red" : "yellow"](indent(`${severity}: ${subject}${message}`)));
  }
  const operation = title.startsWith("destroy") ? "`destroy`" : "`up`";
  lines.push(...changes.flatMap((change) => changeLines(change, tense, style, operation)));
  if (movedFrom !== undefined && error === undefined) {
    lines.push(
      `  ${tense === "future" ? "the stack is to be renamed" : "the stack was renamed"} from ${movedFrom} to ${stack}; the clients keep their IDs and secrets`,
    );
  }
  const counts = countsText(summary, tense);
  if (error === undefined || counts !== "no clients") lines.push(`  ${counts}`);
  if (known > 0) {
    lines.push(style.dim(`  ${known} ${known === 1 ? "piece" : "pieces"} of advice on unchanged clients: --advice`));
  }
  return `${lines.join("\n")}\n`;
}

/** "done", or why not, where the diagnostics below do not say it. */
export function endText(error: string | undefined, diagnostics: readonly Diagnostic[]): string {
  if (error === undefined) return "done";
  if (error !== RUN_FAILED) return `failed, ${error}`;
  return diagnostics.some(({ severity }) => severity === "error") ? "failed" : "failed, and Pulumi gave no reason";
}

function changeLines(change: Change, tense: Tense, style: Style, operation: string): string[] {
  const { client, kind } = change;
  const { action, lines } = entryOf([change], tense);
  return [
    style[COLORS[change.action]](`  ${SIGNS[change.action]} ${visible(client)} (${KIND_LABELS[kind]}) ${action}`),
    // What was done was looked at before: afterwards it only says what it was.
    ...lines
      .filter(({ tone }) => tense === "future" || (tone !== "exposure" && (tone !== "loss" || change.drift)))
      .map((line) => {
        const text = `      ${visible(plainText(line)).replace("`up` applies", `${operation} applies`)}`;
        const color = TONES[line.tone];
        return color === undefined ? text : style[color](text);
      }),
  ];
}

const indent = (text: string) => `  ${text.split("\n").join("\n    ")}`;
