# pulumi up
import pulumi
import pulumi_carto as carto

web = carto.SpaOAuthClient(
    "web",
    name="Store locator",
    application_login_url="https://stores.example.com/login",
    allowed_callback_urls=[
        "https://stores.example.com/callback",
        "https://pr-*.preview.example.com/callback",
    ],
)
nightly_import = carto.M2mOAuthClient("nightly-import", name="Nightly import")

pulumi.export("webClientId", web.client_id)
pulumi.export("importClientSecret", nightly_import.client_secret)  # a Pulumi secret
