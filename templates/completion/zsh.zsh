#compdef pmpc
# pmpc for zsh: words come from plain files, and neither node nor git is started.
typeset -g _pmpc_commands={{commands}}
typeset -g _pmpc_words={{words}}

# Run with the options that zsh sets for completion, whatever the user's are; _files needs them.
_pmpc() {
  local -a typed lines shown
  local folder=${PMPC_WORKSPACE:-.} current=${(Q)PREFIX} also
  integer i
  ((CURRENT > 2)) && typed=("${(@Q)words[2,CURRENT-1]}")
  for ((i = 1; i <= $#typed; i++)); do
    case $typed[i] in
      (-C | --workspace) folder=${typed[i + 1]-} ;;
      (--workspace=*) folder=${typed[i]#*=} ;;
      (-C?*) folder=${typed[i]#-C} ;;
    esac
  done
  [[ $folder == '~' || $folder == '~/'* ]] && folder=$HOME${folder#'~'}
  folder=${folder:A}
  while [[ -n $folder && ! -f $folder/pmpc.yaml ]]; do folder=${folder%/*}; done
  local kept=${PMPC_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/pmpc}/completion
  lines=("${(@f)$(
    LC_ALL=C command awk "$_pmpc_words" "$kept/commands.{{format}}" "$_pmpc_commands" "$kept/workspaces$folder/{{lists}}" \
      - 0 "$typed[@]" "$current" 2>/dev/null
  )}")
  also=$lines[-1]
  lines[-1]=()
  case $also in
    (files | folders)
      compset -P '*='
      _files ${${also:#files}:+-/}
      ;;
  esac
  # A line is a word and how it is listed. Behind a part of a word, vm/, no blank is put.
  local -a parts=("${(@M)lines:#*/$'\t'*}")
  if (($#parts)); then
    lines=("${(@)lines:#*/$'\t'*}")
    shown=("${(@)parts#*$'\t'}")
    compadd -V pmpc -l -S '' -d shown -- "${(@)parts%%$'\t'*}"
  fi
  # What thousands of words are nobody reads, and zsh takes long to lay it out.
  if (($#lines > 1000)); then
    compadd -V pmpc -- "${(@)lines%%$'\t'*}"
  elif (($#lines)); then
    shown=("${(@)lines#*$'\t'}")
    compadd -V pmpc -l -d shown -- "${(@)lines%%$'\t'*}"
  fi
}

if [[ $funcstack[1] == _pmpc ]]; then
  _pmpc "$@"
elif (($+functions[compdef])); then
  compdef _pmpc pmpc
fi
