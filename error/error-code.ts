/**
 * Why CARTO, or the way to it, stopped a call.
 *
 * - `not_configured`, `invalid_configuration`: what the user has to set, before any call
 * - `untrusted_host`: a credential would have gone to a host that nothing outside the manifest trusts; nothing was sent
 * - `unreachable`: the request was never sent; `connection_lost`, `timeout`: sent, but no answer came
 * - `unauthorized`, `forbidden`, `plan_required`: CARTO refused the caller
 * - `not_found`, `not_owner`: the client is gone, or belongs to another user
 * - `invalid_request`, `conflict`, `rate_limited`, `unavailable`: CARTO refused the request
 * - `unexpected_answer`: the answer breaks the assumed contract
 * - `create_unconfirmed`: no answer came to a create; the client may exist
 * - `engine_gone`: the engine that asked for the call was killed; nothing was sent
 * - `protected`: deletion protection, or the client the provider logs in with
 * - `defect`: a bug of this package; the message says where
 */
export type CartoErrorCode =
  | "not_configured"
  | "invalid_configuration"
  | "untrusted_host"
  | "unreachable"
  | "connection_lost"
  | "timeout"
  | "unauthorized"
  | "forbidden"
  | "plan_required"
  | "not_found"
  | "not_owner"
  | "invalid_request"
  | "conflict"
  | "rate_limited"
  | "unavailable"
  | "unexpected_answer"
  | "create_unconfirmed"
  | "engine_gone"
  | "protected"
  | "defect";

/**
 * Why a run of the engine failed, as far as the causes can be distinguished.
 *
 * - `locked`: another run has locked the stack
 * - `busy`: another run got in the way as this one began; nothing was done, and it can be repeated
 * - `passphrase`: it is not set, or another one encrypts the secrets of the stack
 * - `backend`: there is none, it requires a login, or it cannot be reached
 * - `no_stack`: the stack does not exist
 * - `plan`: the run would differ from its plan
 * - `not_owner`: clients that would change belong to another user, and the credentials' user cannot see them
 * - `other_manifest`: the stack manages clients, and the manifest declares none of them
 * - `interrupted`: the user stopped the run
 * - `bug`: a defect of this package; the message says where
 * - `failed`: the engine, the provider or CARTO refused; the diagnostics say what
 */
export type DeploymentErrorCode =
  | "locked"
  | "busy"
  | "passphrase"
  | "backend"
  | "no_stack"
  | "plan"
  | "not_owner"
  | "other_manifest"
  | "interrupted"
  | "bug"
  | "failed";

/**
 * What the command itself refuses. `system`: the operating system did, e.g. a file cannot be written; `refused`: its arguments cannot be
 * used together or in this state, or a question cannot be asked, and nothing was changed.
 */
export type CommandErrorCode = "interrupted" | "refused" | "system";

/**
 * Why an emulator could not be started.
 *
 * - `port_taken`: something else listens on its port
 * - `invalid_database`: its file cannot be opened, or is not one that an emulator wrote
 * - `invalid_contract`: its contract file cannot be read, or has an entry that does not exist
 */
export type EmulatorErrorCode = "port_taken" | "invalid_database" | "invalid_contract";

/**
 * Why something could not be done, as codes that are stable across releases: switch on it, never on the message.
 *
 * - `engine_missing`: no Pulumi engine was found, and none could be installed
 * - `language_host_missing`: the engine cannot run programs in a language, and its language host could not be built
 * - `unimplemented`: the engine called what a provider of this kind does not have, and goes on without it
 * - `broken_record`: the audit file does not end with a whole record, so the chain cannot be continued
 * - `initialization_failed`: a resource exists, but not, or not for certain, as declared
 */
export type ErrorCode =
  | CartoErrorCode
  | DeploymentErrorCode
  | CommandErrorCode
  | EmulatorErrorCode
  | "engine_missing"
  | "language_host_missing"
  | "unimplemented"
  | "broken_record"
  | "initialization_failed";
