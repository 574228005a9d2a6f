import { type Change, follows } from "../../change/change.ts";
import { visible } from "../../kinds/visible-text.ts";
import { actionText, KIND_LABELS, LIST_LABELS, lossText } from "../../report/wording.ts";
import type { Style } from "../context/style.ts";
import type { Outcome } from "./outcome.ts";

const SIGNS = { create: "+", update: "~", delete: "-", replace: "±", same: " " } as const;
const COLORS = { create: "green", update: "yellow", delete: "red", replace: "red", same: "dim" } as const;

/** What became of an environment, for people. */
export function outcomeText(outcome: Outcome, title: string, style: Style): string {
  const { environment, stack, summary, changes, diagnostics, error } = outcome;
  const name = environment === stack ? environment : `${environment} (stack ${stack})`;
  const counts = Object.entries(summary)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} ${action === "same" ? "unchanged" : action}`);
  const lines = [style.bold(`${name}: ${title} ${error === undefined ? "done" : `failed, ${error.message}`}`)];
  for (const { severity, client, message } of diagnostics) {
    const subject = client === undefined ? "" : `${client}: `;
    lines.push(style[severity === "error" ? "red" : "yellow"](indent(`${severity}: ${subject}${message}`)));
  }
  lines.push(...changes.flatMap((change) => changeLines(change, title.endsWith("preview"), style)));
  if (counts.length > 0 || error === undefined) lines.push(`  ${counts.join(", ") || "no clients"}`);
  return `${lines.join("\n")}\n`;
}

function changeLines(change: Change, preview: boolean, style: Style): string[] {
  const { action, client, kind, name, applicationLoginUrl, settings, urls } = change;
  const lines = [
    style[COLORS[action]](
      `  ${SIGNS[action]} ${client} (${KIND_LABELS[kind]}) ${preview ? "would be " : ""}${actionText(change)}`,
    ),
  ];
  const was = (label: string, old: string | undefined, now: string | undefined) =>
    lines.push(
      `      ${label}: ${old === undefined ? "" : `${shown(old)} -> `}${now === undefined ? "(unset)" : shown(now)}`,
    );
  if (action === "update" || action === "replace") {
    if (name.old !== name.new) was("name", name.old, name.new);
    const login = applicationLoginUrl ?? {};
    if (login.old !== login.new) was("Application Login URL", login.old, login.new);
    for (const setting of settings) was(setting.property, setting.old, setting.new);
    const own = urls.filter((list) => !follows(list));
    if (own.length < urls.length) lines.push("      lists that are not set follow the login URL");
    for (const { list, added, removed, first } of own) {
      for (const url of removed) lines.push(style.red(`      ${LIST_LABELS[list]}: - ${shown(url)}`));
      for (const url of added) lines.push(style.green(`      ${LIST_LABELS[list]}: + ${shown(url)}`));
      if (first !== undefined) was("default logout URL", first.old, first.new);
    }
  }
  const loss = lossText(change, change.clientId && `client ID ${change.clientId}`);
  if (loss !== undefined) lines.push(style.red(`      WARNING: ${loss}`));
  return lines;
}

const shown = (value: string) => visible(value);

const indent = (text: string) => `  ${text.split("\n").join("\n    ")}`;
