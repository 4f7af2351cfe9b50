package dev.quiver.deploy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.serve.Served;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// A user's program, run in this process with Quiver on its class path.
///
/// @param place the directory or jar that its classes are in
/// @param mainClass the class that has the main method
record Program(Path file, Path place, String mainClass) {
    private static final Pattern PACKAGE =
            Pattern.compile("^\\s*package\\s+([\\w.]+)\\s*;", Pattern.MULTILINE);

    /// The program of a source file, which is compiled, or of a jar.
    static Program of(Path file) {
        if (!Files.isRegularFile(file)) throw missing(file);
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".java")) return compiled(file);
        if (name.endsWith(".jar")) return new Program(file, file, mainClassOf(file));
        throw Complaints.usage(
                "%s is neither a source file nor a jar".formatted(file),
                List.of("file: " + file.toAbsolutePath()),
                "give it a name that ends in .java or .jar");
    }

    /// The program in one file, which names its main class.
    byte[] jar() {
        try {
            if (Files.isRegularFile(place)) return Files.readAllBytes(place);
            var manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
            var bytes = new ByteArrayOutputStream();
            try (var jar = new JarOutputStream(bytes, manifest);
                    Stream<Path> files = Files.walk(place)) {
                for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                    jar.putNextEntry(
                            new ZipEntry(place.relativize(each).toString().replace('\\', '/')));
                    Files.copy(each, jar);
                }
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't read %s".formatted(file),
                    List.of("cause: " + e),
                    "check that the file can be read",
                    e);
        }
    }

    /// Has sessions of this process tell of themselves when they are closed.
    ///
    /// @throws QuiverException now, when that couldn't be written at the end
    static void reportTo(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        try {
            if (directory == null || Files.isDirectory(file))
                throw new IOException("it is a directory");
            Files.createDirectories(directory);
            if (!Files.isWritable(directory)) throw new IOException("it may not be written");
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "the report can't be written to %s".formatted(file),
                    List.of("cause: " + e),
                    "name a file in a directory that can be written: --report FILE.html",
                    e);
        }
        System.setProperty("quiver.report", file.toString());
    }

    /// Calls main as `java` does: static or not, with or without arguments.
    ///
    /// @return the exit status: 0, or 1 when main threw
    int run(List<String> args) {
        try {
            Class<?> type = type();
            Method main = mainOf(type).orElseThrow(() -> noMain(file, mainClass));
            Object self = self(type, main);
            if (main.getParameterCount() == 0) {
                main.invoke(self);
            } else {
                main.invoke(self, (Object) args.toArray(String[]::new));
            }
            return 0;
        } catch (InvocationTargetException e) {
            Complaints.aboutProgram(e.getTargetException(), System.err);
            return 1;
        } catch (ReflectiveOperationException e) {
            throw unstartable(
                    e, "its main class needs a constructor without parameters or a static main");
        }
    }

    /// What the method `pipelines` says.
    Served served() {
        try {
            Class<?> type = type();
            for (Method method : type.getDeclaredMethods()) {
                boolean isMeant =
                        method.getName().equals("pipelines")
                                && method.getParameterCount() == 0
                                && method.getReturnType() == Served.class;
                if (isMeant) return (Served) method.invoke(self(type, method));
            }
        } catch (InvocationTargetException e) {
            if (e.getTargetException() instanceof QuiverException known) throw known;
            throw unstartable(e, "mend its method 'pipelines'");
        } catch (ReflectiveOperationException e) {
            throw unstartable(
                    e, "its main class needs a constructor without parameters or a static main");
        }
        throw new QuiverException(
                ErrorCode.PROGRAM_INVALID,
                "no method 'pipelines' in %s".formatted(mainClass),
                List.of("file: " + file.toAbsolutePath()),
                "declare 'static Served pipelines()' in its first class");
    }

    private Class<?> type() throws ClassNotFoundException {
        // Open for as long as threads of the program may load classes: to the end of the process.
        var loader = new URLClassLoader(new URL[] {url(place)}, Program.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        return Class.forName(mainClass, false, loader);
    }

    /// What a method is called on; null when it is static.
    private static @Nullable Object self(Class<?> type, Method method)
            throws ReflectiveOperationException {
        method.setAccessible(true);
        if (Modifier.isStatic(method.getModifiers())) return null;
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private QuiverException unstartable(ReflectiveOperationException cause, String fix) {
        Throwable underneath =
                cause instanceof InvocationTargetException thrown
                        ? thrown.getTargetException()
                        : cause;
        return new QuiverException(
                ErrorCode.PROGRAM_INVALID,
                "can't start %s".formatted(mainClass),
                List.of("file: " + file, "cause: " + underneath),
                fix,
                cause);
    }

    private static Optional<Method> mainOf(Class<?> type) {
        for (var parameters : List.of(List.of(String[].class), List.<Class<?>>of())) {
            for (Class<?> place = type; place != null; place = place.getSuperclass()) {
                for (Method method : place.getDeclaredMethods()) {
                    if (method.getName().equals("main")
                            && List.of(method.getParameterTypes()).equals(parameters)
                            && !Modifier.isPrivate(method.getModifiers())) {
                        return Optional.of(method);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Program compiled(Path file) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            Path classes = Files.createTempDirectory("quiver-run-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(classes)));
            var task =
                    (JavacTask)
                            compiler.getTask(
                                    new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                                    files,
                                    null,
                                    List.of(
                                            "-d",
                                            classes.toString(),
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            "-sourcepath",
                                            sourceRoot(file).toString(),
                                            "-g",
                                            "-parameters",
                                            "-proc:none"),
                                    null,
                                    files.getJavaFileObjects(file));
            CompilationUnitTree unit = task.parse().iterator().next();
            boolean isCompiled = task.generate().iterator().hasNext();
            return new Program(file, classes, firstClass(unit, file, isCompiled));
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't compile %s".formatted(file),
                    List.of("cause: " + e.getMessage()),
                    "check that the directory for temporary files can be written to",
                    e);
        }
    }

    /// Where further source files of the program are looked for: the directory above its package.
    private static Path sourceRoot(Path file) throws IOException {
        var matcher = PACKAGE.matcher(Files.readString(file));
        Path root = file.toAbsolutePath().getParent();
        int depth = matcher.find() ? matcher.group(1).split("\\.").length : 0;
        for (int i = 0; i < depth && root != null; i++) root = root.getParent();
        return root == null ? Path.of("").toAbsolutePath() : root;
    }

    private static String firstClass(CompilationUnitTree unit, Path file, boolean isCompiled) {
        if (!isCompiled) {
            throw new QuiverException(
                    ErrorCode.PROGRAM_INVALID,
                    "%s doesn't compile".formatted(file.getFileName()),
                    List.of("file: " + file.toAbsolutePath()),
                    "the compiler's lines above say where");
        }
        String prefix = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
        for (var declared : unit.getTypeDecls()) {
            if (declared instanceof ClassTree type) return prefix + type.getSimpleName();
        }
        throw noMain(file, "any class");
    }

    private static String mainClassOf(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            var manifest = file.getManifest();
            String name =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (name != null) return name.strip();
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.FILE_CORRUPT,
                    "can't read %s as a jar".formatted(jar),
                    List.of("cause: " + e.getMessage()),
                    "build it again",
                    e);
        }
        throw new QuiverException(
                ErrorCode.PROGRAM_INVALID,
                "%s names no main class".formatted(jar.getFileName()),
                List.of("file: " + jar.toAbsolutePath()),
                "write 'Main-Class: …' into its manifest, as 'jar --main-class' does");
    }

    private static QuiverException noMain(Path file, String place) {
        return new QuiverException(
                ErrorCode.PROGRAM_INVALID,
                "no main method in %s".formatted(place),
                List.of("file: " + file.toAbsolutePath()),
                "declare 'static void main(String[] args)' or 'void main()' in its first class");
    }

    private static QuiverException missing(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        String nearest = "";
        if (directory != null && Files.isDirectory(directory)) {
            try (Stream<Path> siblings = Files.list(directory)) {
                List<String> names =
                        siblings.map(sibling -> String.valueOf(sibling.getFileName()))
                                .filter(name -> name.endsWith(".java") || name.endsWith(".jar"))
                                .sorted()
                                .toList();
                nearest =
                        NearestName.of(String.valueOf(file.getFileName()), names)
                                .map("did you mean '%s'? "::formatted)
                                .orElse("");
            } catch (IOException e) {
                throw new UncheckedIOException("listing " + directory, e);
            }
        }
        return new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "no program %s".formatted(file),
                List.of("looked in: " + directory),
                nearest + "check the path");
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a path of this file system: " + path, e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            System.err.println("left behind: " + directory + " (" + e.getMessage() + ")");
        }
    }
}
