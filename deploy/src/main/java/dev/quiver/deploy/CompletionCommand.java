package dev.quiver.deploy;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `quiver completion`: a script after which a shell completes the words of `quiver`.
@Command(
        name = "completion",
        description = {
            "Print what a shell needs to complete the words of 'quiver' by Tab. In ~/.bashrc:",
            "  source <(quiver completion bash)",
            "In ~/.zshrc, behind compinit:",
            "  source <(quiver completion zsh)"
        })
final class CompletionCommand implements Callable<Integer> {
    /// Shells that are known.
    enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Shell shell;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    @SuppressWarnings("SystemOut") // it is what was asked for
    public Integer call() {
        String script = AutoComplete.bash("quiver", spec.root().commandLine());
        // zsh reads what is made for bash when it is told to
        if (shell == Shell.ZSH) System.out.println("autoload -U +X bashcompinit && bashcompinit");
        System.out.print(script);
        return 0;
    }
}
