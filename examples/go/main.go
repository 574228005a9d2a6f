// pulumi up
package main

import (
	"example.com/pulumi-carto/sdk/go/carto"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		web, err := carto.NewSpaOAuthClient(ctx, "web", &carto.SpaOAuthClientArgs{
			Name:                pulumi.String("Store locator"),
			ApplicationLoginUrl: pulumi.String("https://stores.example.com/login"),
			AllowedCallbackUrls: pulumi.ToStringArray([]string{
				"https://stores.example.com/callback",
				"https://pr-*.preview.example.com/callback",
			}),
		})
		if err != nil {
			return err
		}
		nightlyImport, err := carto.NewM2mOAuthClient(ctx, "nightly-import", &carto.M2mOAuthClientArgs{
			Name: pulumi.String("Nightly import"),
		})
		if err != nil {
			return err
		}
		ctx.Export("webClientId", web.ClientId)
		ctx.Export("importClientSecret", nightlyImport.ClientSecret) // a Pulumi secret
		return nil
	})
}
