package dev.quiver.simulation;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.util.Objects;
import java.util.function.Consumer;

/// A mistake that somebody could make, as an edit of a class's bytecode.
///
/// @param name what it is, in words
/// @param type the class, by its simple name with its package below `dev.quiver`
/// @param method the method
/// @param edit what is done to the method's code
record Bug(String name, String type, String method, MethodTransform edit) {
    String className() {
        return "dev.quiver." + type;
    }

    /// The method does nothing, or answers what `code` leaves.
    static Bug replaced(String name, String type, String method, Consumer<CodeBuilder> code) {
        MethodTransform edit =
                (builder, element) -> {
                    if (element instanceof CodeModel) {
                        builder.withCode(code);
                    } else {
                        builder.with(element);
                    }
                };
        return new Bug(name, type, method, edit);
    }

    static Bug omitted(String name, String type, String method) {
        return replaced(name, type, method, CodeBuilder::return_);
    }

    static Bug alwaysTrue(String name, String type, String method) {
        return replaced(name, type, method, code -> code.iconst_1().ireturn());
    }

    static Bug alwaysFalse(String name, String type, String method) {
        return replaced(name, type, method, code -> code.iconst_0().ireturn());
    }

    /// Wherever the method has the number `from`, it has `to` instead.
    static Bug number(String name, String type, String method, int from, int to) {
        CodeTransform swap =
                (CodeBuilder builder, CodeElement element) -> {
                    if (element instanceof ConstantInstruction c
                            && Objects.equals(c.constantValue(), from)) {
                        builder.loadConstant(to);
                    } else {
                        builder.with(element);
                    }
                };
        return new Bug(name, type, method, MethodTransform.transformingCode(swap));
    }

    /// The class with the mistake.
    byte[] plant(byte[] sound) {
        var file = ClassFile.of();
        boolean[] found = {false};
        byte[] edited =
                file.transformClass(
                        file.parse(sound),
                        ClassTransform.transformingMethods(
                                m -> {
                                    boolean hit = m.methodName().equalsString(method);
                                    found[0] |= hit;
                                    return hit;
                                },
                                edit));
        if (!found[0]) {
            throw new IllegalStateException("%s has no method %s".formatted(type, method));
        }
        return edited;
    }

    @Override
    public String toString() {
        return name;
    }
}
