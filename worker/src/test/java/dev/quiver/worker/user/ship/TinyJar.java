package dev.quiver.worker.user.ship;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A jar that a test compiles.
final class TinyJar {
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> resources = new LinkedHashMap<>();

    /// @param name of the class, with dots
    TinyJar type(String name, String source) {
        sources.put(name, source);
        return this;
    }

    TinyJar resource(String path, String content) {
        resources.put(path, content);
        return this;
    }

    /// Compiles into a directory.
    Path directory(Path folder) throws IOException {
        Files.createDirectories(folder);
        var units = new ArrayList<JavaFileObject>();
        sources.forEach((name, source) -> units.add(new Unit(name, source)));
        var errors = new StringWriter();
        List<String> options =
                List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
        boolean compiled =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(errors, null, null, options, null, units)
                        .call();
        if (!compiled) throw new IllegalArgumentException(errors.toString());
        for (var resource : resources.entrySet()) {
            Path file = folder.resolve(resource.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, resource.getValue());
        }
        return folder;
    }

    /// Compiles and packs.
    Path jar(Path file) throws IOException {
        Path folder = directory(file.resolveSibling(file.getFileName() + "-classes"));
        try (OutputStream out = Files.newOutputStream(file);
                var zip = new ZipOutputStream(out);
                Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(entry).toString()));
                zip.write(Files.readAllBytes(entry));
                zip.closeEntry();
            }
        }
        return file;
    }

    private static final class Unit extends SimpleJavaFileObject {
        private final String source;

        Unit(String name, String source) {
            super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
