package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Words are completed by a real bash.
class CompletionTest {
    /// What bash does at Tab, as far as a script can ask for it.
    private static final String TAB =
            """
            source "$1"
            shift
            compopt() { :; } # which bash allows at Tab only
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            function_=$(complete -p quiver | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
            $function_
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @TempDir private static Path directory;
    private static Path script;

    @BeforeAll
    static void write() throws IOException {
        Spoken spoken = Spoken.by("completion", "bash");
        assertThat(spoken.status()).isZero();
        script = Files.writeString(directory.resolve("completion"), spoken.out());
    }

    private static List<String> completed(String... words) throws Exception {
        var line = new ArrayList<>(List.of("bash", "--norc", "-c", TAB, "tab", script.toString()));
        line.addAll(List.of(words));
        Spoken spoken = Spoken.byProcess(directory, Map.of("PATH", "/usr/bin:/bin"), line);
        assertThat(spoken.err()).isEmpty();
        return spoken.out().lines().map(String::strip).toList();
    }

    @Test
    void commands_are_completed() throws Exception {
        assertThat(completed("quiver", "re")).contains("result", "retire", "rebalance", "replay");
        assertThat(completed("quiver", "completi")).containsExactly("completion");
        assertThat(completed("quiver", "to")).containsExactly("top");
        assertThat(completed("quiver", "top", "--o")).containsExactly("--once");
        assertThat(completed("./quiver", "kernel", "")).contains("install", "remove");
    }

    @Test
    void options_and_their_values_are_completed() throws Exception {
        assertThat(completed("quiver", "kernel", "install", "--p"))
                .contains("--prefix", "--python");
        assertThat(completed("quiver", "run", "--rep")).containsExactly("--report");
        assertThat(completed("quiver", "completion", "")).contains("bash", "zsh");
    }

    @Test
    void zsh_is_told_to_read_what_is_for_bash() {
        Spoken spoken = Spoken.by("completion", "zsh");

        assertThat(spoken.out()).startsWith("autoload -U +X bashcompinit && bashcompinit\n");
    }

    @Test
    void another_shell_is_refused() {
        Spoken spoken = Spoken.by("completion", "fish");

        assertThat(spoken.status()).isEqualTo(2);
        assertThat(spoken.err()).contains("'fish'").contains("[BASH, ZSH]");
    }
}
