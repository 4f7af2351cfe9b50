package dev.quiver.pipeline.history;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// JSON objects that were said one after the other, on the disk when [#append] returns. Processes
/// may append at once. Not for users.
///
/// Each line is an object whose first name is `v`, the version of the format, and whose last is
/// `crc`, the CRC-32C of the bytes before the comma in front of it. A line that a crash tore, or
/// that was changed, isn't read. Files grow to some bytes and hold some days: what is older goes.
public interface JsonLog {
    int VERSION = 1;

    /// The log of a file, which may be in a store; it is made by the first append.
    static JsonLog of(Path file) {
        return Stores.isRemote(file) ? new StoreLog(file) : new FileLog(file);
    }

    /// Puts an object behind the others.
    ///
    /// @param object with the time at which it was said under `at`, as in ISO-8601
    void append(Map<String, ?> object) throws IOException;

    /// All objects, in their order.
    ///
    /// @throws QuiverException with the code `UNSUPPORTED` when another version wrote it
    List<Map<String, Object>> read() throws IOException;

    /// Lets objects go that were said before a moment, and the oldest when there are too many; does
    /// nothing where that is little.
    void trim(Instant oldest, long bytesMax) throws IOException;

    /// An object as a line, without its end.
    static byte[] line(Map<String, ?> object) {
        Map<String, Object> versioned = new LinkedHashMap<>();
        versioned.put("v", VERSION);
        versioned.putAll(object);
        String text = Json.text(versioned);
        byte[] head = text.substring(0, text.length() - 1).getBytes(StandardCharsets.UTF_8);
        String tail = ",\"crc\":\"%08x\"}".formatted(crc(head, head.length));
        byte[] end = tail.getBytes(StandardCharsets.US_ASCII);
        byte[] line = new byte[head.length + end.length];
        System.arraycopy(head, 0, line, 0, head.length);
        System.arraycopy(end, 0, line, head.length, end.length);
        return line;
    }

    private static int crc(byte[] bytes, int count) {
        var crc = new CRC32C();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }

    /// The objects of lines, without those that aren't whole.
    static List<Map<String, Object>> objects(byte[] bytes, Path file) {
        var objects = new ArrayList<Map<String, Object>>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            int end = line.lastIndexOf(",\"crc\":\"");
            if (end < 0) continue;
            byte[] head = line.substring(0, end).getBytes(StandardCharsets.UTF_8);
            String tail = ",\"crc\":\"%08x\"}".formatted(crc(head, head.length));
            if (!line.substring(end).equals(tail)) continue;
            objects.add(checked(line, file));
        }
        return objects;
    }

    private static Map<String, Object> checked(String line, Path file) {
        try {
            Map<String, Object> object = Json.object(line);
            if (!(object.get("v") instanceof Long version) || version > VERSION)
                throw new QuiverException(
                        ErrorCode.UNSUPPORTED,
                        "'%s' has format %s, and this Quiver knows format %d"
                                .formatted(file, object.get("v"), VERSION),
                        List.of(),
                        "use the version of Quiver that wrote it, or move the file away");
            return object;
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.FILE_CORRUPT,
                    "'%s' has a line that isn't JSON: %s".formatted(file, e.getMessage()),
                    List.of(),
                    "move the file away",
                    e);
        }
    }

    /// Those that stay when the older ones go.
    static List<byte[]> kept(List<Map<String, Object>> objects, Instant oldest, long bytesMax) {
        var lines = new ArrayList<byte[]>();
        long bytes = 0;
        for (Map<String, Object> object : objects.reversed()) {
            byte[] line = line(without(object));
            bytes += line.length + 1L;
            if (bytes > bytesMax || at(object).isBefore(oldest)) break;
            lines.add(line);
        }
        return lines.reversed();
    }

    private static Map<String, Object> without(Map<String, Object> object) {
        Map<String, Object> same = new LinkedHashMap<>(object);
        same.remove("v");
        same.remove("crc");
        return same;
    }

    /// When an object was said; long ago when it doesn't say.
    static Instant at(Map<String, ?> object) {
        Object at = object.get("at");
        return at == null ? Instant.EPOCH : Instant.parse(at.toString());
    }
}
