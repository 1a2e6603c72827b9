# pmpc for fish: words come from plain files, and neither node nor git is started.
set -g __pmpc_commands {{commands}}
set -g __pmpc_words {{words}}

function __pmpc_complete
    set -l typed (commandline -opc)
    set -e typed[1]
    set -l token (commandline -ct)
    # A quote that is still open makes the token no whole one.
    set -l current (string unescape -- $token)
    or set current (string replace -r '^[\'"]' '' -- $token)
    set -l folder .
    test -n "$PMPC_WORKSPACE"; and set folder $PMPC_WORKSPACE
    set -l before ''
    for word in $typed
        switch $before
            case -C --workspace
                set folder $word
        end
        switch $word
            case '--workspace=*'
                set folder (string replace -- '--workspace=' '' $word)
            case '-C?*'
                set folder (string sub -s 3 -- $word)
        end
        set before $word
    end
    switch $folder
        case '~' '~/*'
            set folder $HOME(string sub -s 2 -- $folder)
    end
    set folder (builtin realpath -- $folder 2>/dev/null)
    while test -n "$folder"; and not test -f "$folder/pmpc.yaml"
        set folder (string replace -r '/[^/]*$' '' -- $folder)
    end
    set -l kept $HOME/.cache/pmpc
    test -n "$XDG_CACHE_HOME"; and set kept $XDG_CACHE_HOME/pmpc
    test -n "$PMPC_CACHE_DIR"; and set kept $PMPC_CACHE_DIR
    set kept $kept/completion
    set -l lines (LC_ALL=C command awk "$__pmpc_words" "$kept/commands.{{format}}" "$__pmpc_commands" \
        "$kept/workspaces$folder/{{lists}}" '' 0 $typed "$current" 2>/dev/null)
    switch "$lines[-1]"
        case files folders
            # Of a command that there is not fish completes files alone.
            set -l lead (string match -r '^--[^=]*=' -- $token)
            set -l found (complete -C "'' "(string replace -r '^--[^=]*=' '' -- $token) | string replace -r '\t.*' '')
            test $lines[-1] = folders; and set found (string match '*/' -- $found)
            string join \n -- "$lead"$found
    end
    set -e lines[-1]
    # fish puts nothing before a ~ at the beginning of a word, which is then somebody's home.
    string match -v '~*' -- $lines
end

complete -c pmpc -f -a '(__pmpc_complete)'
