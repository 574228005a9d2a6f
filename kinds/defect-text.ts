const MOST_PLACES = 8;

/**
 * An unexpected error, in a form that may be shown: its kind, the code that Node gave it, and where it was thrown. Its message may quote an
 * answer of a server, a header or a secret, and says little that its place does not.
 */
export function defectText(error: unknown): string {
  const lines = error instanceof Error ? [kind(error), ...places(error)] : [`a thrown ${typeof error}`];
  return `this is a bug in pulumi-carto, please report it with these lines:\n${lines.join("\n")}`;
}

function kind(error: Error & { code?: unknown }): string {
  const code = typeof error.code === "string" && /^[A-Z_]+$/.test(error.code) ? ` (${error.code})` : "";
  return error.constructor.name + code;
}

/** The lines of a stack below the message, which could look like some of them. */
function places({ name, message, stack = "" }: Error): string[] {
  const head = message === "" ? name : message;
  const start = stack.indexOf(head);
  if (start < 0) return [];
  const lines = stack.slice(start + head.length).split("\n");
  return lines.filter((line) => line.startsWith("    at ")).slice(0, MOST_PLACES);
}
