package dev.quiver.cluster.fault;

import dev.quiver.operator.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// A program that is submitted in tests: it prints a line now and then until a file is there.
final class TickingProgram {
    private static final int TICKS_MAX = 1_200;

    private TickingProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        for (int i = 0; i < TICKS_MAX && Files.notExists(Path.of(arguments[0])); i++) {
            System.out.println("tick " + i);
            Thread.sleep(100);
        }
        System.out.println("the end");
    }

    static Bytes jar() throws IOException {
        String name = TickingProgram.class.getName();
        String path = name.replace('.', '/') + ".class";
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, name);
        var bytes = new ByteArrayOutputStream();
        try (var jar = new JarOutputStream(bytes, manifest);
                InputStream code =
                        Objects.requireNonNull(
                                TickingProgram.class.getClassLoader().getResourceAsStream(path))) {
            jar.putNextEntry(new JarEntry(path));
            code.transferTo(jar);
        }
        return Bytes.of(bytes.toByteArray());
    }
}
