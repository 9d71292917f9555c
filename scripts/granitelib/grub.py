# SPDX-License-Identifier: MIT
"""One disc image that boots by BIOS and by UEFI."""
import pathlib
import shutil
import subprocess
import tempfile

from .errors import UsageError
from .plan import BootPlan

HEAD = """\
set timeout=0
serial --unit=0 --speed=115200
terminal_input serial
terminal_output serial
"""


def quoted(words):
    """Arguments as GRUB's shell takes them apart again."""
    return " ".join("'" + w.replace("'", r"'\''") + "'" for w in words.split())


def menu_entry(plan: BootPlan, names):
    lines = [f"multiboot2 /boot/{names[plan.kernel]} {quoted(plan.cmdline)}"]
    lines += [f"module2 /boot/{names[m.path]} {quoted(m.arguments)}" for m in plan.modules]
    return "menuentry Granite {\n" + "".join(f"    {line.rstrip()}\n" for line in lines) + "}\n"


def make_image(plan: BootPlan, output):
    tool = shutil.which("grub-mkrescue")
    if not tool:
        raise UsageError("there is no grub-mkrescue here; scripts/setup installs it")
    with tempfile.TemporaryDirectory(prefix="granite-iso-") as folder:
        boot = pathlib.Path(folder, "boot")
        (boot / "grub").mkdir(parents=True)
        names = {}
        for path in [plan.kernel, *(m.path for m in plan.modules)]:
            names[path] = path.name
            shutil.copyfile(path, boot / path.name)
        (boot / "grub" / "grub.cfg").write_text(HEAD + menu_entry(plan, names))
        done = subprocess.run([tool, "-o", str(output), folder], capture_output=True, text=True, check=False)
        if done.returncode:
            raise UsageError(f"{output}: grub-mkrescue failed:\n{done.stderr}")
