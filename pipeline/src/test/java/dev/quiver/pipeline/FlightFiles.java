package dev.quiver.pipeline;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;

/// Files of flights to load, and directories to compare.
final class FlightFiles {
    private FlightFiles() {}

    static Path examples() {
        Path root = Path.of(System.getProperty("quiver.root", "..")).toAbsolutePath().normalize();
        return root.resolve("examples/nycflights13");
    }

    /// The first flights of the year without compression, so that they are read in many partitions.
    static Path first(Path directory, int rows) throws IOException {
        Path file = directory.resolve("flights.csv");
        try (var in =
                        new GZIPInputStream(
                                Files.newInputStream(examples().resolve("flights.csv.gz")),
                                1 << 16);
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Files.write(file, lines.lines().limit(rows + 1L).toList());
        }
        return file;
    }

    /// A number of each file's bytes by its name; but of audit logs, which say when.
    static SortedMap<String, String> contents(Path directory) throws IOException {
        var contents = new TreeMap<String, String>();
        if (!Files.exists(directory)) return contents;
        try (Stream<Path> files = Files.walk(directory)) {
            // Histories and audit logs tell when somebody did something.
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("runs.jsonl") && !file.endsWith("audit.jsonl"))
                    .forEach(file ->
                            contents.put(directory.relativize(file).toString(), number(file)));
        }
        return contents;
    }

    private static String number(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            var crc = new CRC32C();
            crc.update(bytes);
            return bytes.length + " " + HexFormat.of().toHexDigits(crc.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
