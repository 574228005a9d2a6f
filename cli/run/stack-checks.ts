import { CartoError } from "../../carto/errors.ts";
import { DeploymentError } from "../../deployment/deployment-error.ts";
import type { ManagedClient } from "../../deployment/stack-state.ts";
import type { ChosenStack } from "./stacks.ts";

/**
 * Checks whether the stack can be opened.
 *
 * @param managed takes the clients of the stack
 * @throws DeploymentError When the backend cannot be opened.
 */
export async function backendState(stack: ChosenStack, managed: ManagedClient[]): Promise<string> {
  try {
    await using deployment = await stack.open(false);
    managed.push(...(await deployment.clients()));
    const { length } = managed;
    return `stack ${stack.environment.stack} manages ${length} ${length === 1 ? "client" : "clients"}`;
  } catch (error) {
    if (!(error instanceof DeploymentError && error.code === "no_stack")) throw error;
    return `stack ${stack.environment.stack} does not exist yet: up creates it`;
  }
}

/**
 * Checks whether `up` has the passphrase that it needs.
 *
 * @throws DeploymentError `passphrase` When it has not.
 */
export async function passphraseState(stack: ChosenStack): Promise<string> {
  await using deployment = await stack.open(false);
  return (await deployment.usesPassphrase(stack.environment.secretsProvider))
    ? "given for the secrets of the stack"
    : "not needed";
}

/**
 * Checks whether the caller owns what the stack manages.
 *
 * @throws CartoError `not_owner` When the stack manages clients that the caller cannot see.
 */
export function ownerState(managed: readonly ManagedClient[], userId: string): string {
  const foreign = managed.filter(({ ownerId }) => ownerId !== undefined && ownerId !== userId);
  const [first] = foreign;
  if (first === undefined) return "the caller owns the clients of the stack";
  const more = foreign.length === 1 ? "belongs" : `and ${foreign.length - 1} more belong`;
  throw new CartoError(
    "not_owner",
    `OAuth client ${first.clientId} ("${first.logicalName}") ${more} to ${first.ownerId}, but the credentials are those of ${userId}, who cannot see them. Use the owner's credentials.`,
  );
}
