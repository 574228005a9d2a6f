import type { Answer } from "./answer.ts";

/** Text that is safe to send as HTML. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A template whose values are escaped unless they are HTML already. */
export function html(strings: TemplateStringsArray, ...values: (string | number | Html | Html[])[]): Html {
  return new Html(strings.reduce((text, part, index) => text + markup(values[index - 1] ?? "") + part));
}

function markup(value: string | number | Html | Html[]): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(markup).join("");
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

interface Shell {
  status?: number;
  /** Above the page. */
  header?: Html;
  /** Sources of scripts as CSP has them, e.g. `'self'`; none by default. */
  scripts?: string;
  /** Whether forms may go, or be redirected, to another origin: true while a user logs in to an application. */
  formsLeave?: boolean;
}

/** A whole page; nothing on it comes from elsewhere, and it may not be framed. */
export function page(title: string, main: Html, { status = 200, header, scripts, formsLeave }: Shell = {}): Answer {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(scripts === undefined ? [] : [`script-src ${scripts}`]),
    ...(formsLeave ? [] : ["form-action 'self'"]),
  ];
  return {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Referrer-Policy": "same-origin",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      "Content-Security-Policy": policy.join("; "),
    },
    body: html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} · CARTO emulator</title><link rel="stylesheet" href="/page.css"></head>
<body>${header ?? ""}<main>${main}</main></body>
</html>
`.text,
  };
}
