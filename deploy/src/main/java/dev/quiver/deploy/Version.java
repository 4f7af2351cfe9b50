package dev.quiver.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The version that the build wrote down.
final class Version {
    private Version() {}

    static String quiver() {
        try (var stream = Version.class.getResourceAsStream("version.txt")) {
            if (stream == null) throw new IllegalStateException("no version.txt beside Version");
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("reading version.txt", e);
        }
    }
}
