package dev.quiver.worker.user.ship;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Makes lambdas of a notebook remember the task that made them, so that they read its variables on
/// any thread: of a parallel stream, or of an executor.
///
/// Such a lambda captures the variables beside its other values, and runs a method that makes them
/// those of the thread before it calls the lambda's own method. Lambdas that can travel stay as
/// they are: they are bound to the task that they travel to.
final class LambdaBinding {
    private static final ClassDesc VARIABLES = ClassDesc.of(TaskVariables.class.getName());
    private static final MethodTypeDesc CURRENT = MethodTypeDesc.of(VARIABLES);
    private static final MethodTypeDesc ADOPT = MethodTypeDesc.of(VARIABLES, VARIABLES);
    private static final MethodTypeDesc LEAVE = MethodTypeDesc.of(ConstantDescs.CD_void, VARIABLES);
    private static final String LAMBDA = "lambda$";
    private static final String BOUND = "bound$";
    private static final int METAFACTORY_ARGUMENTS = 3;

    private final CellClass owner;
    private final Map<String, Bridge> bridges = new LinkedHashMap<>();

    LambdaBinding(CellClass owner) {
        this.owner = owner;
    }

    /// A lambda that is to be bound.
    ///
    /// @param captured how many of the method's parameters are captured values
    private record Bridge(DirectMethodHandleDesc method, MethodTypeDesc descriptor, int captured) {
        private boolean isStatic() {
            return method.kind() == DirectMethodHandleDesc.Kind.STATIC
                    || method.kind() == DirectMethodHandleDesc.Kind.INTERFACE_STATIC;
        }

        private String name() {
            return BOUND + method.methodName();
        }

        private MethodTypeDesc boundDescriptor() {
            return descriptor.insertParameterTypes(captured, VARIABLES);
        }
    }

    boolean concerns(InvokeDynamicInstruction instruction) {
        return bridge(instruction).isPresent();
    }

    private Optional<Bridge> bridge(InvokeDynamicInstruction instruction) {
        if (!instruction.bootstrapMethod().methodName().equals("metafactory")
                || instruction.bootstrapArgs().size() != METAFACTORY_ARGUMENTS
                || !(instruction.bootstrapArgs().get(1) instanceof DirectMethodHandleDesc method)
                || !method.methodName().startsWith(LAMBDA)
                || !method.owner().descriptorString().equals("L" + owner.name() + ";"))
            return Optional.empty();
        String descriptor = method.lookupDescriptor();
        if (owner.method(method.methodName(), descriptor)
                .filter(code -> Reach.readsVariables(owner, code))
                .isEmpty()) return Optional.empty();
        int given = instruction.typeSymbol().parameterCount();
        var bridge = new Bridge(method, MethodTypeDesc.ofDescriptor(descriptor), given);
        return Optional.of(
                bridge.isStatic() ? bridge : new Bridge(method, bridge.descriptor(), given - 1));
    }

    /// Writes the making of the lambda, which captures the variables of the running task.
    void bind(CodeBuilder code, InvokeDynamicInstruction instruction) {
        Bridge bridge = bridge(instruction).orElseThrow();
        bridges.put(bridge.name() + bridge.descriptor().descriptorString(), bridge);
        MethodTypeDesc made = instruction.typeSymbol();
        var method =
                MethodHandleDesc.of(
                        bridge.method().kind(),
                        bridge.method().owner(),
                        bridge.name(),
                        bridge.boundDescriptor().descriptorString());
        ConstantDesc[] arguments = instruction.bootstrapArgs().toArray(ConstantDesc[]::new);
        arguments[1] = method;
        code.invokestatic(VARIABLES, "current", CURRENT)
                .invokedynamic(
                        DynamicCallSiteDesc.of(
                                instruction.bootstrapMethod(),
                                instruction.name().stringValue(),
                                made.insertParameterTypes(made.parameterCount(), VARIABLES),
                                arguments));
    }

    /// Adds the methods that bound lambdas run.
    void addBridges(ClassBuilder type) {
        for (Bridge bridge : bridges.values()) {
            int flags =
                    ClassFile.ACC_PRIVATE
                            | ClassFile.ACC_SYNTHETIC
                            | (bridge.isStatic() ? ClassFile.ACC_STATIC : 0);
            type.withMethodBody(
                    bridge.name(), bridge.boundDescriptor(), flags, code -> write(code, bridge));
        }
    }

    private static void write(CodeBuilder code, Bridge bridge) {
        int before = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(code.parameterSlot(bridge.captured()))
                .invokestatic(VARIABLES, "adopt", ADOPT)
                .astore(before);
        code.trying(
                body -> {
                    call(body, bridge);
                    body.aload(before)
                            .invokestatic(VARIABLES, "leave", LEAVE)
                            .return_(TypeKind.from(bridge.descriptor().returnType()));
                },
                failure ->
                        failure.catchingAll(caught ->
                                caught.aload(before)
                                        .invokestatic(VARIABLES, "leave", LEAVE)
                                        .athrow()));
    }

    private static void call(CodeBuilder code, Bridge bridge) {
        if (!bridge.isStatic()) code.aload(code.receiverSlot());
        MethodTypeDesc descriptor = bridge.descriptor();
        for (int i = 0; i < descriptor.parameterCount(); i++) {
            int slot = code.parameterSlot(i < bridge.captured() ? i : i + 1);
            code.loadLocal(TypeKind.from(descriptor.parameterType(i)), slot);
        }
        DirectMethodHandleDesc method = bridge.method();
        if (bridge.isStatic())
            code.invokestatic(
                    method.owner(), method.methodName(), descriptor, method.isOwnerInterface());
        else
            code.invokespecial(
                    method.owner(), method.methodName(), descriptor, method.isOwnerInterface());
    }
}
