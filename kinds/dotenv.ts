/** `delivery-map` and `clientId` as `DELIVERY_MAP_CLIENT_ID`. */
export function dotenvName(client: string, output: string): string {
  const words = `${client}_${output.replace(/[A-Z]/g, (letter) => `_${letter}`)}`;
  const name = words.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** One line per variable; a value that is undefined leaves a comment. */
export function dotenvText(entries: readonly (readonly [name: string, value: string | undefined])[]): string {
  return entries
    .map(([name, value]) => (value === undefined ? `# ${name}: add --show-secrets\n` : `${name}=${quoted(value)}\n`))
    .join("");
}

/** In single quotes, which shells, dotenv and Docker Compose take literally; a value with a single quote needs the double ones. */
function quoted(value: string): string {
  if (/^[\w.~:/@+-]*$/.test(value)) return value;
  return value.includes("'") ? JSON.stringify(value) : `'${value}'`;
}
