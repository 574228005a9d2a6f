/** Compares names in natural sort order: `robot-5` before `robot-49`. Otherwise by code unit, the same on every machine. */
export function naturally(a: string, b: string): number {
  const [ours, theirs] = [parts(a), parts(b)];
  for (const [index, part] of ours.entries()) {
    const other = theirs[index];
    if (other === undefined) return 1;
    const order = index % 2 === 1 ? byNumber(part, other) : byCodeUnit(part, other);
    if (order !== 0) return order;
  }
  return ours.length - theirs.length || byCodeUnit(a, b);
}

/** Text and digits in turn, text first. */
function parts(name: string): string[] {
  return name.split(/(\d+)/);
}

/** Of any length; leading zeros do not count. */
function byNumber(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return x.length - y.length || byCodeUnit(x, y);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
