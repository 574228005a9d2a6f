/** The member by which the engine's protocol marks an object as something else than a plain value. @see pulumi sdk/nodejs runtime/rpc.ts, `specialSigKey` */
export const SPECIAL_KEY = "4dabf18193072939515e22adb298388d";

/** The engine protocol's mark for a secret, at {@link SPECIAL_KEY}. @see pulumi sdk/nodejs runtime/rpc.ts, `specialSecretSig` */
export const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";
