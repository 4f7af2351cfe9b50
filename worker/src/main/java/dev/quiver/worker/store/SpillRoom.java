package dev.quiver.worker.store;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.config.Settings;
import dev.quiver.error.QuiverException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.OptionalLong;

/// Where a process may put what there is no memory for, and how much.
///
/// @param parent in which it makes a directory of its own
/// @param bytesMax that its files may have together; 0 allows none, empty takes nine tenths of what
///   is free there when the first one comes
public record SpillRoom(Path parent, OptionalLong bytesMax, SpillCompression compression) {
    /// Where temporary files may be large; `/tmp` is memory on many machines.
    private static final Path LARGE_TEMPORARY = Path.of("/var/tmp");

    /// Where nothing is packed.
    public SpillRoom(Path parent, OptionalLong bytesMax) {
        this(parent, bytesMax, SpillCompression.NONE);
    }

    /// What the settings `spill.directory`, `spill.limit` and `spill.compression` say.
    ///
    /// @throws QuiverException (CONFIG_INVALID) when they can't be used
    public static SpillRoom of(Settings settings) {
        return new SpillRoom(
                parent(settings.setting(Settings.Key.SPILL_DIRECTORY)),
                bytesMax(settings.setting(Settings.Key.SPILL_LIMIT)),
                compression(settings.setting(Settings.Key.SPILL_COMPRESSION)));
    }

    private static Path parent(Settings.Setting setting) {
        if (setting.value().isBlank()) return temporary();
        try {
            return Path.of(setting.value().strip()).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw setting.invalid("a directory", e);
        }
    }

    private static Path temporary() {
        return Files.isWritable(LARGE_TEMPORARY)
                ? LARGE_TEMPORARY
                : Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    }

    private static SpillCompression compression(Settings.Setting setting) {
        for (SpillCompression each : SpillCompression.values())
            if (each.name().equalsIgnoreCase(setting.value().strip())) return each;
        throw setting.invalid("none or zstd");
    }

    private static OptionalLong bytesMax(Settings.Setting setting) {
        String text = setting.value().strip();
        if (text.equals("auto")) return OptionalLong.empty();
        if (text.equals("0")) return OptionalLong.of(0);
        try {
            return OptionalLong.of(ByteSize.parse(text));
        } catch (QuiverException e) {
            throw setting.invalid("a size such as 50GB, 0 to spill nothing, or auto", e);
        }
    }
}
