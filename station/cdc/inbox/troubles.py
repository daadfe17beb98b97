"""What keeps the inbox from being read, written or filled, in Chinese; the English is the key.

The sentences are those of the database and of the receiver's connection; `{}` stands for what
differs.
"""

from collections.abc import Mapping

_KEPT = "；站点会保存预警。"
_CHECK = "请检查 PostgreSQL 是否运行、--db 是否正确" + _KEPT
_TRYING = "请检查其是否运行以及 --host 和 --port；正在重试。"
_WAITS = "check that PostgreSQL runs and --db is right; stations keep their alerts."
_WHERE = "check that it runs, and --host and --port; trying again."

TROUBLES: Mapping[str, str] = {
    "The disk of {} is full: free space; stations keep their alerts.": (
        "{} 所在磁盘已满：请清理空间" + _KEPT
    ),
    "The disk of {} cannot be written (full, over its quota, or failing): free space, or replace "
    "it; stations keep their alerts.": (
        "{} 所在磁盘无法写入（已满、超出配额或故障）：请清理空间或更换磁盘" + _KEPT
    ),
    "The disk of {} fails: free space, or replace it; stations keep their alerts.": (
        "{} 所在磁盘故障：请清理空间或更换磁盘" + _KEPT
    ),
    "Another program holds {}: close it.": "{} 被其他程序占用：请关闭该程序。",
    "{} cannot be opened: check that it exists, its folder too, and that this user may use it.": (
        "{} 无法打开：请检查文件及其文件夹是否存在，以及当前用户是否有权使用。"
    ),
    "{} is read-only: give this user write permission.": "{} 为只读：请授予当前用户写入权限。",
    "{} is no database of the CDC's receiver: name another file.": (
        "{} 不是接收程序的数据库：请指定其他文件。"
    ),
    "{} is damaged: restore it from the backup.": "{} 已损坏：请从备份恢复。",
    "An index of {} is damaged: rebuild it with `reindexdb`.": (
        "{} 的索引已损坏：请用 `reindexdb` 重建。"
    ),
    "{} cannot be reached: " + _WAITS: "无法连接 {}：" + _CHECK,
    "{} is shutting down, starting, or broke off a statement: " + _WAITS: (
        "{} 正在关闭或启动，或中断了语句：" + _CHECK
    ),
    "{} has no room for another connection, or no memory: " + _WAITS: (
        "{} 连接数已满或内存不足：" + _CHECK
    ),
    "{} cannot be used ({}): " + _WAITS: "无法使用 {}（{}）：" + _CHECK,
    "{} does not let this user in: correct the user or password in --db.": (
        "{} 拒绝当前用户登录：请更正 --db 中的用户或密码。"
    ),
    "{} does not exist: create it with `createdb`.": "{} 不存在：请用 `createdb` 创建。",
    "{} has no schema to write into: give this user one.": "{} 没有可写入的模式：请为用户创建。",
    "{} takes no writing (a standby, or set read-only): name the primary in --db.": (
        "{} 不接受写入（备用库或只读）：请在 --db 中指定主库。"
    ),
    "{} broke off a transaction because of another one; it is tried again.": (
        "{} 因另一事务中断了本事务，将自动重试。"
    ),
    "This user may not use the tables of {}: give it the right to.": (
        "当前用户无权使用 {} 的数据表：请授权。"
    ),
    "{} has more to do than it can: try again.": "{} 负荷过高：请重试。",
    "The broker at {} hung up: connecting again.": "消息服务器 {} 断开了连接：正在重新连接。",
    "The broker at {} ended the connection ({}): connecting again.": (
        "消息服务器 {} 结束了连接（{}）：正在重新连接。"
    ),
    "The broker's address {} cannot be used ({}): correct it.": (
        "消息服务器地址 {} 无法使用（{}）：请更正。"
    ),
    "The broker at {} grants a shared subscription and delivers nothing (or does not let '{}' use "
    "its topic fs/v1/cdc/cdc/{}/canary): take a broker that delivers it, as mosquitto does, or run "
    "one receiver with --receivers 1.": (
        "消息服务器 {} 接受共享订阅却不投递（或不允许 {} 使用主题 fs/v1/cdc/cdc/{}/canary）："
        "请改用能够投递的消息服务器（如 mosquitto），或以 --receivers 1 运行单个接收程序。"
    ),
    "The broker at {} refuses this receiver ({}): correct its access at the broker.": (
        "消息服务器 {} 拒绝接收程序（{}）：请更正其访问权限。"
    ),
    "The broker at {} does not let this receiver read {}: correct its access at the broker.": (
        "消息服务器 {} 不允许接收程序读取 {}：请更正其访问权限。"
    ),
    "No broker answers at {}: " + _WHERE: "{} 没有消息服务器应答：" + _TRYING,
    "The broker's name in {} is unknown: " + _WHERE: "无法解析消息服务器名称 {}：" + _TRYING,
    "The broker at {} does not answer in time: " + _WHERE: "消息服务器 {} 应答超时：" + _TRYING,
    "The broker at {} cannot be reached ({}): " + _WHERE: (
        "无法连接消息服务器 {}（{}）：" + _TRYING
    ),
}
"""Each sentence with its Chinese one."""
