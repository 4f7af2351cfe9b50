package dev.quiver.worker.user.ship;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.util.ArrayList;
import java.util.List;

/// What the code of a method of a class made in memory leads to.
///
/// @param calls methods that it calls or hands on as lambdas and method references
/// @param reads static fields that it reads
/// @param made classes of which it makes objects, or that it names as values
record CellMethod(
        String name,
        String descriptor,
        boolean isStatic,
        List<Member> calls,
        List<Member> reads,
        List<String> made) {
    static final String INITIALIZER = "<clinit>";

    /// A method or field as bytecode names it.
    ///
    /// @param owner with slashes
    record Member(String owner, String name, String descriptor) {}

    static CellMethod of(MethodModel model) {
        var method =
                new CellMethod(
                        model.methodName().stringValue(),
                        model.methodType().stringValue(),
                        (model.flags().flagsMask() & ClassFile.ACC_STATIC) != 0,
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>());
        model.code().ifPresent(code -> code.forEach(method::note));
        return method;
    }

    private void note(CodeElement element) {
        switch (element) {
            case FieldInstruction field when field.opcode() == Opcode.GETSTATIC ->
                    reads.add(
                            new Member(
                                    field.owner().asInternalName(),
                                    field.name().stringValue(),
                                    field.type().stringValue()));
            case InvokeInstruction call ->
                    calls.add(
                            new Member(
                                    call.owner().asInternalName(),
                                    call.name().stringValue(),
                                    call.type().stringValue()));
            case InvokeDynamicInstruction dynamic -> dynamic.bootstrapArgs().forEach(this::note);
            case NewObjectInstruction made -> this.made.add(made.className().asInternalName());
            case ConstantInstruction constant -> note(constant.constantValue());
            default -> {}
        }
    }

    private void note(ConstantDesc constant) {
        switch (constant) {
            case DirectMethodHandleDesc handle -> {
                String owner = internal(handle.owner());
                calls.add(new Member(owner, handle.methodName(), handle.lookupDescriptor()));
                if (handle.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR) made.add(owner);
            }
            case ClassDesc type when type.isClassOrInterface() -> made.add(internal(type));
            case DynamicConstantDesc<?> dynamic -> dynamic.bootstrapArgsList().forEach(this::note);
            default -> {}
        }
    }

    private static String internal(ClassDesc type) {
        String descriptor = type.descriptorString();
        return type.isClassOrInterface()
                ? descriptor.substring(1, descriptor.length() - 1)
                : descriptor;
    }
}
