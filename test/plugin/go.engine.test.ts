import { test } from "vitest";
import { exampleFiles } from "../../harness/example.ts";
import { goEnv, goIsReady, withGoSdk } from "../../harness/go.ts";
import { clientLife, type Declared } from "./client-life.ts";

const { "go.mod": goMod = "", "go.sum": goSum = "" } = await exampleFiles("go");
const PROJECT = { "Pulumi.yaml": "name: test\nruntime: go\n", "go.mod": withGoSdk(goMod), "go.sum": goSum };

const main = (body: string) => `package main

import (
	"example.com/pulumi-carto/sdk/go/carto"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
${body}
		return nil
	})
}
`;

const FIELDS = {
  name: (value: unknown) => `Name: pulumi.String(${JSON.stringify(value)})`,
  rotationTrigger: (value: unknown) => `RotationTrigger: pulumi.String(${JSON.stringify(value)})`,
  deletionProtection: (value: unknown) => `DeletionProtection: pulumi.Bool(${value})`,
};

function m2m(logicalName: string, properties: Record<string, unknown>, importId?: string): string {
  const fields = Object.entries(FIELDS).flatMap(([name, field]) =>
    properties[name] === undefined ? [] : [field(properties[name])],
  );
  const options = importId === undefined ? "" : `, pulumi.Import(pulumi.ID("${importId}"))`;
  return `carto.NewM2mOAuthClient(ctx, "${logicalName}", &carto.M2mOAuthClientArgs{${fields.join(", ")}}${options})`;
}

const program = ({ callbacks, service, more }: Declared) =>
  main(`		web, err := carto.NewSpaOAuthClient(ctx, "web", &carto.SpaOAuthClientArgs{
			Name:                pulumi.String("Web"),
			ApplicationLoginUrl: pulumi.String("https://app.example.com/login"),
			AllowedCallbackUrls: pulumi.ToStringArray([]string{${callbacks.map((url) => JSON.stringify(url)).join(", ")}}),
		})
		if err != nil {
			return err
		}
		service, err := ${m2m("service", { name: "Service", ...service })}
		if err != nil {
			return err
		}
${Object.entries(more)
  .map(
    ([name, { importId, ...properties }]) =>
      `		if _, err := ${m2m(name, properties, importId)}; err != nil {\n			return err\n		}`,
  )
  .join("\n")}
		ctx.Export("webId", web.ClientId)
		ctx.Export("serviceId", service.ClientId)
		ctx.Export("serviceSecret", service.ClientSecret)`);

const lookup = (clientId: string) =>
  main(`		web := carto.LookupSpaOAuthClientOutput(ctx, carto.LookupSpaOAuthClientOutputArgs{ClientId: pulumi.String("${clientId}")})
		ctx.Export("name", web.Name())
		ctx.Export("secret", web.ClientSecret())`);

if (goIsReady()) {
  clientLife({
    language: "go",
    files: (declared) => ({ ...PROJECT, "main.go": program(declared) }),
    lookup: (clientId) => ({ ...PROJECT, "main.go": lookup(clientId) }),
    hidesLookups: true,
    env: await goEnv(),
  });
} else {
  // The package needs Go and its module proxy, which a machine that has an engine need not have. `npm run sdks`, before the tests, prints what failed.
  test.skip("Go programs are NOT tested here: `npm run sdks` could not compile their package, and says why", () => {});
}
