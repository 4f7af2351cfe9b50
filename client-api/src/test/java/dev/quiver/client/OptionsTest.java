package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.config.Settings;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a session's options come from: code, then variables, then the file, then defaults.
final class OptionsTest {
    @TempDir private Path directory;

    private Settings settings(String yaml, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(directory.resolve("quiver.yaml"), yaml);
        return Settings.defaults().withFile(file).withEnvironment(environment);
    }

    @Test
    void code_wins_over_variables_and_these_over_the_file() throws IOException {
        Settings settings =
                settings(
                        "slots: 3\nmemory: 64MB\nprogress: never\n",
                        Map.of("QUIVER_MEMORY", "128MB"));

        Options plain = Options.defaults().over(settings);
        Options coded = Options.defaults().slots(5).progress(true).over(settings);

        assertThat(plain.slots()).isEqualTo(3);
        assertThat(plain.memoryBytes()).contains(128L << 20);
        assertThat(plain.isQuiet()).isTrue();
        assertThat(coded.slots()).isEqualTo(5);
        assertThat(coded.memoryBytes()).contains(128L << 20);
        assertThat(coded.isQuiet()).isFalse();
    }

    @Test
    void without_settings_a_session_has_a_slot_for_each_processor() {
        Options options = Options.defaults().over(Settings.defaults());

        assertThat(options.slots()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(options.memoryBytes()).isEqualTo(Optional.empty());
        assertThat(options.isQuiet()).isFalse();
    }

    @Test
    void a_value_that_cannot_be_used_is_told_with_its_place() throws IOException {
        for (String yaml :
                new String[] {
                    "slots: many", "slots: 0", "memory: big", "memory: 1KB", "progress: loud"
                }) {
            Settings settings = settings(yaml, Map.of());

            assertThatThrownBy(() -> Options.defaults().over(settings))
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("(CONFIG_INVALID)")
                    .hasMessageContaining("set in: quiver.yaml")
                    .satisfies(e -> System.out.println(e.getMessage()));
        }
    }

    @Test
    void a_file_that_is_not_settings_is_told() {
        for (String yaml : new String[] {"slots: [", "just text", "memroy: 8GB", "log: debug"}) {
            assertThatThrownBy(() -> settings(yaml, Map.of()))
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("(CONFIG_INVALID)")
                    .hasMessageContaining("quiver.yaml")
                    .satisfies(e -> System.out.println(e.getMessage()));
        }
    }
}
