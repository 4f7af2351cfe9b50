package dev.quiver.pipeline.serve;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.WholeFile;
import dev.quiver.pipeline.history.JsonLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A JSON object on the disk: after [#write] there is the old one or the new one, whatever happens.
final class MemoFile {
    private static final Logger LOG = LoggerFactory.getLogger(MemoFile.class);

    private final Path file;

    MemoFile(Path file) {
        this.file = file;
    }

    /// What was written last; empty when nothing was.
    Map<String, Object> read() {
        try {
            if (!Files.exists(file)) return Map.of();
            List<Map<String, Object>> objects = JsonLog.objects(Files.readAllBytes(file), file);
            if (objects.size() == 1) return objects.getFirst();
            LOG.warn("'{}' is damaged, so what it remembered is forgotten", file);
            return Map.of();
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    void write(Map<String, ?> object) {
        try {
            WholeFile.replace(file, JsonLog.line(object));
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    private QuiverException failed(String verb, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "can't %s '%s': %s".formatted(verb, file, cause),
                List.of(),
                "check its permissions and the space on its disk",
                cause);
    }
}
