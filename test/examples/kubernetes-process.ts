/*
 * Stands in for Pulumi's Kubernetes provider, which is no npm package: it sends what the engine gives it for a Secret to the API server
 * at KUBERNETES_API, by the REST paths of Kubernetes. What it does not do: everything else of that provider, above all reading a kubeconfig,
 * server-side apply and waiting.
 */
import type { Provider } from "@pulumi/pulumi/provider/index.js";
import { main } from "@pulumi/pulumi/provider/index.js";

interface Secret {
  metadata: { name: string; namespace: string };
}

const paths = ({ metadata: { name, namespace } }: Secret) => {
  const collection = `/api/v1/namespaces/${namespace}/secrets`;
  return { collection, one: `${collection}/${name}` };
};

/** Without the engine's marks of secrets. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

async function call(method: string, path: string, body?: Secret): Promise<void> {
  const response = await fetch(`${process.env.KUBERNETES_API}${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    ...(body && { body: JSON.stringify(plain(body)) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
}

const provider: Provider = {
  version: "4.34.2",
  check: async (_urn, _olds, news) => ({ inputs: news }),
  diff: async (_id, _urn, olds, news) => ({ changes: JSON.stringify(olds) !== JSON.stringify(news) }),
  async create(_urn, inputs: Secret) {
    await call("POST", paths(inputs).collection, inputs);
    return { id: `${inputs.metadata.namespace}/${inputs.metadata.name}`, outs: inputs };
  },
  async update(_id, _urn, _olds, news: Secret) {
    await call("PUT", paths(news).one, news);
    return { outs: news };
  },
  delete: (_id, _urn, props: Secret) => call("DELETE", paths(props).one),
};

await main(provider, process.argv.slice(2));
