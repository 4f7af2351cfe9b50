package dev.quiver.worker.user;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.LocalVariableTableAttribute;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The names that a lambda's captured values have in the source.
final class Captures {
    private Captures() {}

    /// How people call the captured value at `index`: `variable 'connection'`, `this`, or, without
    /// debugging information, `value 1`.
    static String name(SerializedLambda lambda, int index, @Nullable ClassLoader loader) {
        boolean instance = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
        if (instance && index == 0)
            return lambda.getImplMethodName().startsWith("lambda$")
                    ? "'this', the object whose method makes the lambda"
                    : "the object whose method is referred to";
        return variable(lambda, index, loader)
                .map("variable '%s'"::formatted)
                .orElse("value %d".formatted(index + 1));
    }

    private static Optional<String> variable(
            SerializedLambda lambda, int index, @Nullable ClassLoader loader) {
        if (loader == null) return Optional.empty();
        try (InputStream in = loader.getResourceAsStream(lambda.getImplClass() + ".class")) {
            if (in == null) return Optional.empty();
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            for (MethodModel method : model.methods()) {
                if (method.methodName().equalsString(lambda.getImplMethodName())
                        && method.methodType().equalsString(lambda.getImplMethodSignature()))
                    return variable(method, slot(lambda, index));
            }
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // the name is a courtesy; the error is told without it
        }
    }

    private static Optional<String> variable(MethodModel method, int slot) {
        return method
                .code()
                .flatMap(code -> code.findAttribute(Attributes.localVariableTable()))
                .map(LocalVariableTableAttribute::localVariables)
                .orElse(List.of())
                .stream()
                .filter(v -> v.slot() == slot)
                .min(Comparator.comparingInt(LocalVariableInfo::startPc))
                .map(LocalVariableInfo::name)
                .map(n -> n.stringValue());
    }

    /// The local variable that holds the captured value: long and double take two.
    private static int slot(SerializedLambda lambda, int index) {
        int slot = 0;
        for (int i = 0; i < index; i++) {
            Object value = lambda.getCapturedArg(i);
            slot += value instanceof Long || value instanceof Double ? 2 : 1;
        }
        return slot;
    }
}
