# SPDX-License-Identifier: MIT
# fish completion of certferry. Names of mappings come from the running daemon.

function __certferry_mappings
    certferry status -o json 2>/dev/null | string match -ra '"mapping":"[^"]*"' | string split -f4 '"' | sort -u
end

complete -c certferry -f
complete -c certferry -l help -d 'Explain'
complete -c certferry -l config -rF -d 'The configuration'
complete -c certferry -l socket -rF -d "The daemon's socket"
complete -c certferry -s o -l output -xa 'table json' -d 'How to show it'
complete -c certferry -n __fish_use_subcommand -l version -d 'The version'

complete -c certferry -n __fish_use_subcommand -a status -d 'What is deployed, what is next, and why'
complete -c certferry -n __fish_use_subcommand -a history -d 'The succession of ids, and every attempt'
complete -c certferry -n __fish_use_subcommand -a plan -d 'What would be done now, and whom it would touch'
complete -c certferry -n __fish_use_subcommand -a probe -d 'What the endpoints of a mapping serve'
complete -c certferry -n __fish_use_subcommand -a doctor -d 'Look at what certferry needs'
complete -c certferry -n __fish_use_subcommand -a notify -d 'For hooks: a certificate was renewed'
complete -c certferry -n __fish_use_subcommand -a rotate -d 'Look now, and try at once'
complete -c certferry -n __fish_use_subcommand -a pause -d 'Begin no rotation by itself until resume'
complete -c certferry -n __fish_use_subcommand -a resume -d 'Let rotations begin by themselves again'
complete -c certferry -n __fish_use_subcommand -a rollback -d 'Go back to the previous id of the succession'
complete -c certferry -n __fish_use_subcommand -a adopt -d 'State the head of the succession by hand'
complete -c certferry -n __fish_use_subcommand -a log-level -d 'Which lines the daemon logs from now on'
complete -c certferry -n __fish_use_subcommand -a reload -d 'Put the changed configuration in force'
complete -c certferry -n __fish_use_subcommand -a config -d 'The configuration'

complete -c certferry -n '__fish_seen_subcommand_from status history plan probe rotate pause resume rollback adopt' \
    -a '(__certferry_mappings)'
complete -c certferry -n '__fish_seen_subcommand_from status' -l watch -d 'Again whenever it changes'
complete -c certferry -n '__fish_seen_subcommand_from doctor' -l notify -d 'Send a test by each notifier'
complete -c certferry -n '__fish_seen_subcommand_from notify' -l lineage -xa '(__fish_complete_directories)' \
    -d 'The directory that was renewed'
complete -c certferry -n '__fish_seen_subcommand_from rotate' -l force -d 'Prove again'
complete -c certferry -n '__fish_seen_subcommand_from notify rotate' -l wait -d 'Until it is proven, or cannot be'
complete -c certferry -n '__fish_seen_subcommand_from notify rotate' -l timeout -x -d 'How long to wait'
complete -c certferry -n '__fish_seen_subcommand_from adopt' -l cert-id -x -d 'The id that is used'
complete -c certferry -n '__fish_seen_subcommand_from log-level' -a 'debug info warning error'
complete -c certferry -n '__fish_seen_subcommand_from config' -a 'check show example'
