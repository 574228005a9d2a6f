import { EXIT, type ExitCode } from "../context/exit-code.ts";

/** A shell that a completion script is written for. */
export type Shell = keyof typeof SCRIPTS;

/*
 * Each script asks `pulumi-carto __complete` and neither evaluates what is typed nor what comes back: the names of environments are
 * from a file that somebody else may have written. Without an answer the shell completes file names.
 */

const BASH = String.raw`# bash completion of pulumi-carto; in ~/.bashrc: source <(pulumi-carto completion bash)
_pulumi_carto() {
  local candidate
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    COMPREPLY+=("$candidate")
  done < <("$1" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _pulumi_carto pulumi-carto
`.replaceAll("\\$", "$");

const ZSH = String.raw`#compdef pulumi-carto
# zsh completion of pulumi-carto; in ~/.zshrc, after compinit: source <(pulumi-carto completion zsh)
_pulumi-carto() {
  local -a candidates
  local value description
  while IFS=$'\t' read -r value description; do
    candidates+=("\${value//:/\\:}:$description")
  done < <("$words[1]" __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  if (( $#candidates )); then
    _describe pulumi-carto candidates
  else
    _files
  fi
}
if [[ "$funcstack[1]" == _pulumi-carto ]]; then
  _pulumi-carto "$@"
else
  compdef _pulumi-carto pulumi-carto
fi
`.replaceAll("\\$", "$");

const FISH = `# fish completion of pulumi-carto: pulumi-carto completion fish > ~/.config/fish/completions/pulumi-carto.fish
function __pulumi_carto_complete
  set -l words (commandline -opc)
  set -l word (commandline -ct)
  set -l candidates ($words[1] __complete -- $words[2..-1] "$word" 2>/dev/null)
  if set -q candidates[1]
    printf '%s\\n' $candidates
  else
    __fish_complete_path "$word"
  end
end
complete -c pulumi-carto -f -a '(__pulumi_carto_complete)'
`;

const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;

/** Prints the completion script of a shell. */
export async function completion(shell: Shell): Promise<ExitCode> {
  process.stdout.write(SCRIPTS[shell]);
  return EXIT.done;
}
