# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Which function runs which sub-command."""

from __future__ import annotations

import typing as t

from fake_hab.commands import (
    artifact,
    basics,
    binlink,
    build,
    channels,
    export,
    install,
    origin,
    plan,
    publish,
    query,
    services,
    studio,
    uninstall,
)
from fake_hab.context import Context
from fake_hab.parser import Parsed

Run = t.Callable[[Context, Parsed], t.Optional[int]]

COMMANDS: dict[str, Run] = {
    "bldr channel create": channels.create,
    "bldr channel demote": channels.demote,
    "bldr channel destroy": channels.destroy,
    "bldr channel list": channels.list_channels,
    "bldr channel promote": channels.promote,
    "config apply": services.config_apply,
    "config show": services.config_show,
    "license accept": basics.accept_licence,
    "origin create": origin.create,
    "origin info": origin.info,
    "origin key download": origin.key_download,
    "origin key export": origin.key_export,
    "origin key generate": origin.key_generate,
    "origin key import": origin.key_import,
    "origin key upload": origin.key_upload,
    "pkg binds": query.binds,
    "pkg binlink": binlink.binlink,
    "pkg build": build.build,
    "pkg channels": publish.channels,
    "pkg config": query.config,
    "pkg delete": publish.delete,
    "pkg demote": publish.demote,
    "pkg dependencies": query.dependencies,
    "pkg download": publish.download,
    "pkg env": query.environment,
    "pkg exec": query.execute,
    "pkg export container": export.container,
    "pkg export docker": export.container,
    "pkg export tar": export.tar,
    "pkg hash": artifact.hash_file,
    "pkg header": artifact.header,
    "pkg info": artifact.info,
    "pkg install": install.install,
    "pkg list": query.list_packages,
    "pkg path": query.path,
    "pkg promote": publish.promote,
    "pkg provides": query.provides,
    "pkg search": publish.search,
    "pkg sign": artifact.sign,
    "pkg uninstall": uninstall.uninstall,
    "pkg upload": publish.upload,
    "pkg verify": artifact.verify,
    "plan init": plan.init,
    "plan render": plan.render,
    "studio": studio.studio,
    "sup depart": services.sup_reached,
    "sup restart": services.sup_reached,
    "sup run": services.sup_run,
    "sup secret generate": basics.generate_secret,
    "sup term": services.sup_term,
    "svc load": services.load,
    "svc start": services.start,
    "svc status": services.status,
    "svc stop": services.stop,
    "svc unload": services.unload,
    "svc update": services.update,
}
