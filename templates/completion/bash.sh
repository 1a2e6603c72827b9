# pmpc for bash, 4.0 or newer: words come from plain files, and neither node nor git is started.
_pmpc_commands={{commands}}
_pmpc_words={{words}}

_pmpc() {
  local IFS=$' \t\n' typed=() rest=${COMP_LINE:0:COMP_POINT} word i
  # bash takes vm/100:config.memory for several words, as COMP_WORDBREAKS says; what no blank stands between is one. That variable stays as it is.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then
      typed+=('')
      rest=${rest#"${rest%%[![:blank:]]*}"}
    fi
    ((i < COMP_CWORD)) || word=$rest
    typed[${#typed[@]} - 1]+=$word
    rest=${rest#"$word"}
  done
  local last=$((${#typed[@]} - 1)) quote='\' folder=${PMPC_WORKSPACE:-.}
  local current=${typed[last]} replaced=$2
  case $current in
    \'*) quote=\' current=${current#\'} ;;
    \"*) quote=\" current=${current#\"} ;;
  esac
  # Nothing of what is typed is evaluated: quotes and backslashes are only taken off. A quote within the word is left alone.
  [[ $current == *[\'\"]* ]] && return
  if [[ $quote != \' ]]; then current=${current//\\/} replaced=${replaced//\\/}; fi
  typed=("${typed[@]//[\'\"\\]/}")
  for ((i = 1; i < last; i++)); do
    case ${typed[i]} in
      -C | --workspace) folder=${typed[i + 1]} ;;
      --workspace=*) folder=${typed[i]#*=} ;;
      -C?*) folder=${typed[i]#-C} ;;
    esac
  done
  [[ $folder == '~' || $folder == '~/'* ]] && folder=$HOME${folder#'~'}
  folder=$(CDPATH='' builtin cd -P -- "$folder" >/dev/null 2>&1 && builtin pwd -P)
  while [[ $folder && ! -f $folder/pmpc.yaml ]]; do folder=${folder%/*}; done
  local kept=${PMPC_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/pmpc}/completion
  # Where bash puts a word behind a `:` or `=` that is typed, the part before it must not come again.
  local typed_part=$((${#current} - ${#replaced}))
  # Lines are split and nothing else; mapfile would read a pipe byte by byte.
  local globbing=$-
  IFS=$'\n'
  set -f
  COMPREPLY=($(
    LC_ALL=C command awk "$_pmpc_words" "$kept/commands.{{format}}" "$_pmpc_commands" "$kept/workspaces$folder/{{lists}}" \
      "$quote" "$((typed_part > 0 ? typed_part : 0))" "${typed[@]:1:last-1}" "$current" 2>/dev/null
  ))
  [[ $globbing == *f* ]] || set +f
  ((${#COMPREPLY[@]})) || return
  local also=${COMPREPLY[${#COMPREPLY[@]} - 1]}
  unset "COMPREPLY[${#COMPREPLY[@]} - 1]"
  case $also in
    files) compopt -o default ;;
    folders) compopt -o dirnames ;;
    *) compopt -o nosort 2>/dev/null ;;
  esac
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace
}

if ((BASH_VERSINFO[0] >= 4)); then complete -F _pmpc pmpc; fi
