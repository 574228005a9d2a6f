import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type { Diff, PathChange } from "./provider-core.ts";

const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
const { Kind } = provider.PropertyDiff;

const KIND_OF = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

/** A diff as the engine's protocol expects it. */
export function diffResponse({ changes, replaces = [], detailed = {} }: Diff): provider.DiffResponse {
  const paths: [string, PathChange][] = Object.entries(detailed);
  const response = new provider.DiffResponse()
    .setChanges(changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList(replaces)
    .setDiffsList([...new Set(paths.map(([path]) => path.replace(/[[.].*$/s, "")))])
    .setHasdetaileddiff(paths.length > 0);
  for (const [path, change] of paths) {
    const kind = KIND_OF[change.kind][change.replaces ? 1 : 0];
    response.getDetaileddiffMap().set(path, new provider.PropertyDiff().setKind(kind));
  }
  return response;
}
