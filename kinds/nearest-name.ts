/** What others call something, by its own name; lower case, letters and digits only. */
export type OtherNames = Readonly<Record<string, { otherNames?: readonly string[] }>>;

/** The known name that was probably meant: what others call it, or at most a third of its letters away. */
export function nearestName(name: string, known: readonly string[], others: OtherNames = {}): string | undefined {
  const squeezed = squeeze(name.slice(0, 64));
  const foreign = known.find(
    (candidate) => Object.hasOwn(others, candidate) && others[candidate]?.otherNames?.includes(squeezed),
  );
  if (foreign !== undefined) return foreign;
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of known.slice(0, MOST_CANDIDATES)) {
    const other = squeeze(candidate.slice(0, 128));
    const most = Math.max(squeezed.length, candidate.length) / 3;
    // As many edits as the lengths differ are needed at least.
    if (Math.abs(squeezed.length - other.length) > most) continue;
    const edits = distance(squeezed, other);
    if (edits <= most && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { candidate, edits };
  }
  return best?.candidate;
}

/** With more names, a suggestion is no longer likely to be right, and takes long to find. */
const MOST_CANDIDATES = 200;

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Letters to insert, drop, replace or swap with their neighbour, to make `b` of `a`. */
function distance(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const choices = [row[j - 1], row[j], next[j - 1], swapped ? before[j - 2] : undefined];
      const [replace = 0, drop = 0, insert = 0, swap = Number.POSITIVE_INFINITY] = choices;
      next.push(Math.min(replace + (a[i - 1] === b[j - 1] ? 0 : 1), drop + 1, insert + 1, swap + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
