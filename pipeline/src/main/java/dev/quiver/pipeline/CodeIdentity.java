package dev.quiver.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Numbers that change when the user's code does, and not when it is compiled or loaded again.
final class CodeIdentity {
    private CodeIdentity() {}

    /// What a lambda is, as serialisation sees it; empty for an object of a written class.
    static Optional<SerializedLambda> lambda(Serializable code) {
        if (!code.getClass().isSynthetic()) return Optional.empty();
        try {
            Method method = code.getClass().getDeclaredMethod("writeReplace");
            method.setAccessible(true);
            return method.invoke(code) instanceof SerializedLambda lambda
                    ? Optional.of(lambda)
                    : Optional.empty();
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("looking into " + code.getClass(), e);
        }
    }

    /// A number of the method that a lambda calls; empty where its class has no file.
    static String ofMethod(SerializedLambda lambda, @Nullable ClassLoader loader) {
        byte[] bytes = bytes(lambda.getImplClass(), loader);
        if (bytes.length == 0) return "";
        for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
            boolean called =
                    method.methodName().equalsString(lambda.getImplMethodName())
                            && method.methodType().equalsString(lambda.getImplMethodSignature());
            if (called && method.code().isPresent()) {
                var text = new StringBuilder();
                for (CodeElement element : method.code().get())
                    if (element instanceof Instruction) text.append(element).append('\n');
                return number(text.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return "";
    }

    /// A number of a class's file; empty where it has none.
    static String ofClass(Class<?> type) {
        byte[] bytes = bytes(type.getName().replace('.', '/'), type.getClassLoader());
        return bytes.length == 0 ? "" : number(bytes);
    }

    private static byte[] bytes(String name, @Nullable ClassLoader loader) {
        if (loader == null) return new byte[0];
        try (InputStream stream = loader.getResourceAsStream(name + ".class")) {
            return stream == null ? new byte[0] : stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the class " + name, e);
        }
    }

    private static String number(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return "%08x".formatted(crc.getValue());
    }
}
