# What is known of the instructions.
import _opcode
from _opcode import *

facts = [name for name in sorted(dir(_opcode)) if name.startswith(("has_", "is_"))]
for op in range(-3, 300):
    row = [name for name in facts if getattr(_opcode, name)(op)]
    effects = []
    for oparg in None, -300, -4, -3, -2, -1, 0, 1, 2, 3, 7, 0x105:
        for jump in None, True, False:
            try:
                effects.append(stack_effect(op, oparg, jump=jump))
            except ValueError as e:
                effects.append(str(e))
    if row or set(effects) != {"invalid opcode or oparg"}:
        print(op, *row, *effects)

print(get_nb_ops(), get_intrinsic1_descs(), get_intrinsic2_descs(), get_specialization_stats(), ENABLE_SPECIALIZATION)


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, e)


attempt(stack_effect)
attempt(stack_effect, 1, jump=1)
attempt(stack_effect, 1, "x")
attempt(stack_effect, "x")
attempt(stack_effect, 1, 2, 3)
attempt(has_arg, 1 << 40)
attempt(has_arg, opcode=50)
attempt(get_executor, 1, 2)
attempt(get_executor, attempt.__code__, 2)
