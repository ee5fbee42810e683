# SPDX-License-Identifier: MIT
# bash completion of certferry. Names of mappings come from the running daemon.

_certferry_mappings() {
    certferry status -o json 2>/dev/null | grep -o '"mapping":"[^"]*"' | cut -d'"' -f4 | sort -u
}

_certferry() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= index
    local commands="status history plan probe doctor notify rotate pause resume rollback adopt log-level reload config"

    case $before in
        --config | --socket) compopt -o default; COMPREPLY=(); return ;;
        --lineage) compopt -o dirnames; COMPREPLY=(); return ;;
        -o | --output) mapfile -t COMPREPLY < <(compgen -W "table json" -- "$word"); return ;;
        --timeout | --cert-id) COMPREPLY=(); return ;;
    esac
    for ((index = 1; index < COMP_CWORD; ++index)); do
        [[ " $commands " == *" ${COMP_WORDS[index]} "* ]] && { command=${COMP_WORDS[index]}; break; }
    done

    local words="--help --config --socket --output"
    case $command in
        "") words+=" --version $commands" ;;
        status) words+=" --watch $(_certferry_mappings)" ;;
        doctor) words+=" --notify" ;;
        notify) words+=" --lineage --wait --timeout" ;;
        rotate) words+=" --force --wait --timeout $(_certferry_mappings)" ;;
        adopt) words+=" --cert-id $(_certferry_mappings)" ;;
        history | plan | probe | pause | resume | rollback) words+=" $(_certferry_mappings)" ;;
        log-level) words+=" debug info warning error" ;;
        config) words+=" check show example" ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _certferry certferry
