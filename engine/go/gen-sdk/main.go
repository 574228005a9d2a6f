// gen-sdk SCHEMA DIRECTORY writes the Python and Go packages of a schema below a directory, as `pulumi package gen-sdk` does where
// the language hosts know how.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	nodegen "github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	pygen "github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// Our schema refers to no other package.
type noOther struct{}

func (noOther) LoadPackage(pkg string, _ *semver.Version) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", pkg)
}

func (noOther) LoadPackageV2(_ context.Context, d *schema.PackageDescriptor) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", d.Name)
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(file, directory string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	languages := map[string]schema.Language{"python": pygen.Importer, "go": gogen.Importer, "nodejs": nodegen.Importer}
	pkg, err := schema.ImportSpec(spec, languages, noOther{}, schema.ValidationOptions{})
	if err != nil {
		return err
	}
	python, err := pygen.GeneratePackage("pulumi-carto", pkg, nil, nil)
	if err != nil {
		return err
	}
	golang, err := gogen.GeneratePackage("pulumi-carto", pkg, nil)
	if err != nil {
		return err
	}
	for language, files := range map[string]map[string][]byte{"python": python, "go": golang} {
		for name, content := range files {
			path := filepath.Join(directory, language, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, content, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
