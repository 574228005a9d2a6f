const DATE_TIME = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** An RFC 3339 date and time in milliseconds since the epoch; undefined for anything else, including the 30th of February. */
export function parseDateTime(text: string): number | undefined {
  const day = DATE_TIME.exec(text)?.[1];
  if (day === undefined) return undefined;
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  return Date.parse(text.toUpperCase());
}

/** What a date and time means, as a text to compare: two spellings of one second have the same. Anything else only equals itself. */
export function instantIdentity(text: string): string {
  const time = parseDateTime(text);
  return time === undefined ? text : String(Math.floor(time / 1000));
}
