package dev.quiver.worker.user.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bytes of classes in memory are found where notebooks keep them.
final class ClassBytesTest {
    private static final Map<String, String> SOURCES =
            new LinkedHashMap<>(
                    Map.of(
                            "REPL.$JShell$1",
                            "package REPL; public class $JShell$1 { public static int k = 6; }",
                            "REPL.$JShell$2",
                            """
                            package REPL;
                            public class $JShell$2 {
                                public static dev.quiver.dataframe.Call<Integer> call() {
                                    return () -> $JShell$1.k * 7;
                                }
                            }
                            """));

    @TempDir Path folder;

    @BeforeEach
    void open() {
        Desk.reset();
    }

    @Test
    void a_kernel_whose_loader_answers_no_resource_keeps_them_in_a_map() throws Exception {
        // the shape of JJava's JJavaLoaderDelegate
        var kernel = new Kernel(compiled());

        Class<?> cell = kernel.loader.loadClass("REPL.$JShell$2");

        assertThat(kernel.loader.getResource("REPL/$JShell$2.class")).isNull();
        assertThat(ClassBytes.of(cell)).contains(kernel.declaredClasses.get("REPL.$JShell$2"));
        assertThat(Desk.run(call(cell))).isEqualTo(42);
        kernel.loader.loadClass("REPL.$JShell$1").getField("k").set(null, 7);
        assertThat(Desk.run(call(cell))).isEqualTo(49);
    }

    @Test
    void a_loader_in_memory_that_answers_resources_is_asked() throws Exception {
        // the shape of the source launcher's and of IJava's
        var loader = new Answering(compiled());

        Class<?> cell = loader.loadClass("REPL.$JShell$2");

        assertThat(Desk.run(call(cell))).isEqualTo(42);
    }

    @SuppressWarnings("unchecked")
    private static dev.quiver.dataframe.Call<Integer> call(Class<?> cell) throws Exception {
        return (dev.quiver.dataframe.Call<Integer>) cell.getMethod("call").invoke(null);
    }

    private Map<String, byte[]> compiled() throws IOException {
        var sources = new TinyJar();
        SOURCES.forEach(sources::type);
        Path classes = sources.directory(folder.resolve("cells"));
        var bytes = new ConcurrentHashMap<String, byte[]>();
        for (String name : SOURCES.keySet())
            bytes.put(name, Files.readAllBytes(classes.resolve(name.replace('.', '/') + ".class")));
        return bytes;
    }

    private static final class Kernel {
        private final Map<String, byte[]> declaredClasses;
        private final Loader loader = new Loader();

        Kernel(Map<String, byte[]> declaredClasses) {
            this.declaredClasses = declaredClasses;
        }

        private final class Loader extends java.net.URLClassLoader {
            Loader() {
                super(new java.net.URL[0]);
            }

            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] bytes = declaredClasses.get(name);
                if (bytes == null) return super.findClass(name);
                return defineClass(name, bytes, 0, bytes.length, (CodeSource) null);
            }
        }
    }

    private static final class Answering extends ClassLoader {
        private final Map<String, byte[]> classes;

        Answering(Map<String, byte[]> classes) {
            super(Answering.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) throw new ClassNotFoundException(name);
            return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        public java.io.InputStream getResourceAsStream(String name) {
            byte[] bytes = classes.get(name.replace(".class", "").replace('/', '.'));
            return bytes == null
                    ? super.getResourceAsStream(name)
                    : new java.io.ByteArrayInputStream(bytes);
        }
    }
}
