package dev.quiver.config;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// The file of settings, `quiver.yaml`.
final class SettingsFile {
    /// In the working directory.
    static final Path OF_PROCESS = Path.of("quiver.yaml");

    private SettingsFile() {}

    /// Settings with those of a file over them, where there is one.
    static Settings over(Settings settings, Path file) {
        if (!Files.exists(file)) return settings;
        return settings.with(entries(file), String.valueOf(file.getFileName()));
    }

    private static Map<String, String> entries(Path file) {
        try {
            var loader = new Load(LoadSettings.builder().setLabel(file.toString()).build());
            Object content = loader.loadFromString(Files.readString(file));
            var entries = new LinkedHashMap<String, String>();
            if (content == null) return entries; // nothing but comments
            if (!(content instanceof Map)) throw unreadable(file, "it holds no settings", null);
            flatten("", content, entries);
            return entries;
        } catch (IOException e) {
            throw unreadable(file, e.toString(), e);
        } catch (YamlEngineException e) {
            throw unreadable(file, cause(e), e);
        }
    }

    private static String cause(YamlEngineException thrown) {
        if (thrown instanceof MarkedYamlEngineException marked) {
            String place =
                    marked.getProblemMark()
                            .map(mark ->
                                    "line %d, column %d: "
                                            .formatted(mark.getLine() + 1, mark.getColumn() + 1))
                            .orElse("");
            return place + marked.getProblem();
        }
        return String.valueOf(thrown.getMessage()).replaceAll("\\s+", " ");
    }

    private static QuiverException unreadable(Path file, String why, @Nullable Exception cause) {
        return new QuiverException(
                ErrorCode.CONFIG_INVALID,
                "can't read settings from " + file,
                List.of("file: " + file.toAbsolutePath(), "cause: " + why),
                "write it as YAML in UTF-8, a setting a line: 'memory: 8GB'",
                cause);
    }

    private static void flatten(String name, @Nullable Object value, Map<String, String> entries) {
        switch (value) {
            case null -> entries.put(name, "");
            case Map<?, ?> map ->
                    map.forEach((key, inner) ->
                            flatten(name.isEmpty() ? "" + key : name + "." + key, inner, entries));
            default -> entries.put(name, value.toString());
        }
    }
}
