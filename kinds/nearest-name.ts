/** What others call something, by its own name; lower case, letters only. */
export type OtherNames = Readonly<Record<string, { otherNames?: readonly string[] }>>;

/** The known name that was probably meant: what others call it, or at most a third of its letters away. */
export function nearestName(name: string, known: readonly string[], others: OtherNames = {}): string | undefined {
  const squeezed = squeeze(name.slice(0, 64));
  const foreign = known.find(
    (candidate) => Object.hasOwn(others, candidate) && others[candidate]?.otherNames?.includes(squeezed),
  );
  if (foreign !== undefined) return foreign;
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(squeezed, squeeze(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= Math.max(squeezed.length, best.candidate.length) / 3 ? best.candidate : undefined;
}

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
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
