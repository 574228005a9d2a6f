/**
 * Which machine or private network a host belongs to, if it is not on the internet: `loopback`, the visitor's own; `private`, one of the
 * visitor's own network, or a name that stands for any address; undefined if neither.
 *
 * @param host canonical, see `ParsedUrl`
 */
export function privateHost(host: string): "loopback" | "private" | undefined {
  const name = host.replace(/\.$/, "");
  if (/(^|\.)localhost$|\.local$|^\[::1?\]$|(^|\.)(localtest|lvh)\.me$/.test(name)) return "loopback";
  // Names that stand for the address that is written in them.
  if (/(^|\.)(nip|sslip|xip)\.io$/.test(name)) return "private";
  if (/^\[(f[cd]|fe[89ab])[\da-f]{0,2}:/.test(name)) return "private";
  const bytes = ipv4(name);
  if (bytes === undefined) return undefined;
  const [a = 0, b = 0] = bytes;
  if (a === 127 || a === 0) return "loopback";
  const isPrivate =
    a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254);
  return isPrivate ? "private" : undefined;
}

/** Of an IPv4 address, also one that is mapped into IPv6, which browsers write as `[::ffff:7f00:1]`. */
function ipv4(host: string): number[] | undefined {
  const mapped = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(host);
  if (mapped)
    return mapped.slice(1).flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]);
  return /^\d+(\.\d+){3}$/.test(host) ? host.split(".").map(Number) : undefined;
}
