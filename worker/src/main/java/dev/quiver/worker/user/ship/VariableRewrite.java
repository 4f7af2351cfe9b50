package dev.quiver.worker.user.ship;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Optional;

/// Makes code of a notebook read its variables from the running task instead of from static fields,
/// which on a worker would be empty.
final class VariableRewrite {
    private static final DirectMethodHandleDesc BOOTSTRAP =
            ConstantDescs.ofCallsiteBootstrap(
                    ClassDesc.of(TaskVariables.class.getName()),
                    TaskVariables.BOOTSTRAP,
                    ConstantDescs.CD_CallSite,
                    ConstantDescs.CD_String,
                    ConstantDescs.CD_String);

    private final CellClass owner;
    private final LambdaBinding lambdas;

    private VariableRewrite(CellClass owner) {
        this.owner = owner;
        this.lambdas = new LambdaBinding(owner);
    }

    /// The class's bytes with every use of a variable rewritten; the same array when there is none.
    /// A class initializer still uses the fields of its own class.
    static byte[] rewritten(CellClass type, byte[] original) {
        ClassLoader loader = type.type().getClassLoader();
        var file =
                ClassFile.of(
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofClassLoading(loader)));
        ClassModel model = file.parse(original);
        var rewrite = new VariableRewrite(type);
        if (model.methods().stream().noneMatch(rewrite::concerns)) return original;
        ClassTransform transform =
                (builder, element) -> {
                    if (element instanceof MethodModel method && rewrite.concerns(method))
                        builder.transformMethod(method, rewrite.ofMethod(method));
                    else builder.with(element);
                };
        return file.transformClass(
                model, transform.andThen(ClassTransform.endHandler(rewrite.lambdas::addBridges)));
    }

    private boolean concerns(MethodModel method) {
        Optional<CodeModel> code = method.code();
        if (code.isEmpty()) return false;
        boolean initializer = isInitializer(method);
        return code.get().elementStream().anyMatch(element -> concerns(element, initializer));
    }

    private boolean concerns(CodeElement element, boolean inInitializer) {
        return switch (element) {
            case FieldInstruction field -> variable(field, inInitializer).isPresent();
            case InvokeDynamicInstruction lambda -> lambdas.concerns(lambda);
            default -> false;
        };
    }

    private static boolean isInitializer(MethodModel method) {
        return method.methodName().equalsString(CellMethod.INITIALIZER);
    }

    private Optional<NotebookVariable> variable(FieldInstruction field, boolean inInitializer) {
        boolean isStatic = field.opcode() == Opcode.GETSTATIC || field.opcode() == Opcode.PUTSTATIC;
        if (!isStatic) return Optional.empty();
        return owner.variable(
                field.owner().asInternalName(), field.name().stringValue(), inInitializer);
    }

    private MethodTransform ofMethod(MethodModel method) {
        boolean initializer = isInitializer(method);
        CodeTransform code =
                (builder, element) -> {
                    switch (element) {
                        case FieldInstruction field when concerns(field, initializer) ->
                                builder.invokedynamic(call(field, initializer));
                        case InvokeDynamicInstruction lambda when lambdas.concerns(lambda) ->
                                lambdas.bind(builder, lambda);
                        default -> builder.with(element);
                    }
                };
        return MethodTransform.transformingCode(code);
    }

    private DynamicCallSiteDesc call(FieldInstruction field, boolean inInitializer) {
        NotebookVariable variable = variable(field, inInitializer).orElseThrow();
        boolean read = field.opcode() == Opcode.GETSTATIC;
        ClassDesc type = field.typeSymbol();
        return DynamicCallSiteDesc.of(
                BOOTSTRAP,
                read ? TaskVariables.READ : TaskVariables.WRITE,
                read ? MethodTypeDesc.of(type) : MethodTypeDesc.of(ConstantDescs.CD_void, type),
                variable.owner(),
                variable.name());
    }
}
