package dev.quiver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.config.Settings.Key;
import dev.quiver.error.QuiverException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    @Test
    void later_layers_win_and_every_value_knows_its_origin() {
        Settings settings =
                Settings.defaults()
                        .with(Map.of("memory", "2GB", "slots", "4"), "quiver.yaml")
                        .withEnvironment(Map.of("QUIVER_MEMORY", "8GB", "HOME", "/nowhere"));

        assertThat(settings.setting(Key.MEMORY))
                .isEqualTo(new Settings.Setting(Key.MEMORY, "8GB", "QUIVER_MEMORY"));
        assertThat(settings.setting(Key.SLOTS).origin()).isEqualTo("quiver.yaml");
        assertThat(settings.setting(Key.LOG_LEVEL).origin()).isEqualTo("default");
    }

    @Test
    void a_misspelt_key_is_an_error_that_names_the_nearest() {
        assertThatThrownBy(() -> Settings.defaults().with(Map.of("memroy", "1GB"), "quiver.yaml"))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("unknown setting 'memroy' in quiver.yaml   (CONFIG_INVALID)")
                .hasMessageContaining("did you mean memory?");

        assertThatThrownBy(() -> Settings.defaults().withEnvironment(Map.of("QUIVER_SLOT", "3")))
                .hasMessageContaining("did you mean QUIVER_SLOTS?");
    }

    @Test
    void variables_of_the_launcher_are_not_settings() {
        Settings settings = Settings.defaults().withEnvironment(Map.of("QUIVER_JAVA_HOME", "/jdk"));

        assertThat(settings.all()).allMatch(setting -> setting.origin().equals("default"));
    }
}
