package dev.quiver.cluster.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The version that the build wrote down.
public final class QuiverVersion {
    private QuiverVersion() {}

    public static String text() {
        try (var stream = QuiverVersion.class.getResourceAsStream("version.txt")) {
            if (stream == null) throw new IllegalStateException("no version.txt in the jar");
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("reading version.txt", e);
        }
    }
}
