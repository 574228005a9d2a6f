import { Document, isMap, type Pair, Scalar } from "yaml";
import type { ExistingResource } from "../kinds/existing.ts";
import { KINDS, type KindId } from "../kinds/index.ts";
import { canonicalInputs, pick, propertiesAtCarto, requiredProperties } from "../kinds/inputs.ts";
import type { Kind } from "../kinds/kind.ts";
import { isSame } from "../kinds/shape.ts";
import { escaped, visible } from "../kinds/visible-text.ts";

const SCHEMA = "./node_modules/pulumi-carto/schema/clients.schema.json";

/**
 * Logical names for clients that have none, made from their names: `Store locator` becomes `store-locator`, the second of that name
 * `store-locator-2`.
 *
 * @returns in the order of the clients
 */
export function logicalNames(clients: readonly ExistingResource[]): string[] {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return clients.map(({ name }) => {
    const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const slug =
      plain
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 80) || "client";
    let unique = slug;
    let count = counts.get(slug) ?? 1;
    while (taken.has(unique)) unique = `${slug}-${++count}`;
    counts.set(slug, count);
    taken.add(unique);
    return unique;
  });
}

/**
 * Writes a manifest that declares existing clients as they are: in the order given, values that CARTO derives anyway left out, each with
 * its ID as a comment, never a secret.
 *
 * @param settings that every client gets besides, e.g. `deletionProtection`
 */
export function writeManifest(clients: readonly ExistingResource[], settings: object = {}): string {
  const names = logicalNames(clients);
  const declarations = clients.map((client, index) => [names[index] ?? "", { ...declarationOf(client), ...settings }]);
  const document = new Document({ version: 1, clients: Object.fromEntries(declarations) });
  document.commentBefore = ` yaml-language-server: $schema=${SCHEMA}`;
  const map = document.get("clients");
  if (isMap(map)) {
    for (const [index, pair] of (map.items as Pair<Scalar>[]).entries()) {
      const client = clients[index];
      if (client?.id) pair.key.commentBefore = ` ${idLabel(client.kind)} ${visible(client.id)}`;
      pair.key.spaceBefore = index > 0;
    }
  }
  return escaped(document.toString({ lineWidth: 0 }));
}

function declarationOf(client: ExistingResource): Record<string, unknown> {
  const kind = KINDS[client.kind];
  const declared = propertiesAtCarto(kind, client);
  const derived = canonicalInputs(kind, pick(declared, requiredProperties(kind)), "standard");
  const told = Object.entries(kind.properties).filter(
    ([name, { shape, required }]) =>
      declared[name] !== undefined && (required || !isSame(shape, declared[name], derived[name])),
  );
  return { kind: client.kind, ...Object.fromEntries(told.map(([name]) => [name, literal(declared[name])])) };
}

/** How the comment names the ID: as the output that is the ID, e.g. `client ID`. */
function idLabel(id: KindId): string {
  const kind: Kind = KINDS[id];
  const output = Object.keys(kind.outputs).find((name) => kind.outputs[name]?.id);
  return output === undefined ? "ID" : output.replace(/Id$/, " ID");
}

/** What a manifest would take for a variable. */
function literal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, literal(member)]));
  }
  if (typeof value !== "string") return value;
  const text = value.replaceAll("${", () => "$${");
  if (visible(text) === text) return text;
  // Only double quotes have escapes for what nobody could see.
  const quoted = new Scalar(text);
  quoted.type = Scalar.QUOTE_DOUBLE;
  return quoted;
}
