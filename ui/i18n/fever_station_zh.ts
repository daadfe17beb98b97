<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>audit</name>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>NOT WHOLE: row {0}: {1}. Keep the file, tell the auditor.</source>
        <translation>不完整：第 {0} 条：{1}。请保留文件并告知审计员。</translation>
    </message>
    <message>
        <source>The trail has no rows yet.</source>
        <translation>尚无审计记录。</translation>
    </message>
    <message>
        <source>Whole: {0} rows. Note the head elsewhere: sha256:{1}…</source>
        <translation>完整：共 {0} 条。请另处抄下末条校验值：sha256:{1}…</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>station</source>
        <translation>本站</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>更早</translation>
    </message>
    <message>
        <source>Search: who, case, word</source>
        <translation>查找：人员、个案号、关键词</translation>
    </message>
    <message>
        <source>Recomputing the chain…</source>
        <translation>正在校验…</translation>
    </message>
    <message>
        <source>Writing the file…</source>
        <translation>正在写入文件…</translation>
    </message>
    <message>
        <source>{0} rows written into {1}</source>
        <translation>已写入 {0} 条：{1}</translation>
    </message>
    <message>
        <source>Not done: try again, or tell a technician</source>
        <translation>未完成：请再试，或告知技术员</translation>
    </message>
    <message>
        <source>Touch a step to see all of it.</source>
        <translation>点按一条记录查看全部内容。</translation>
    </message>
</context>
<context>
    <name>cases</name>
    <message>
        <source>Waiting for second check: {0}</source>
        <translation>等待复测：{0}</translation>
    </message>
    <message>
        <source>Nobody is waiting</source>
        <translation>无人等待</translation>
    </message>
    <message>
        <source>Flagged travellers appear here:
stop them, measure twice</source>
        <translation>报警的旅客会出现在这里：
请拦下，复测两次</translation>
    </message>
    <message>
        <source>Check
by hand</source>
        <translation>手工
测温</translation>
    </message>
    <message>
        <source>Confirm
fever</source>
        <translation>确认
发热</translation>
    </message>
    <message>
        <source>Type
it in</source>
        <translation>手工
输入</translation>
    </message>
    <message>
        <source>Other
steps</source>
        <translation>其他
操作</translation>
    </message>
    <message>
        <source>its reading appears here</source>
        <translation>读数会显示在这里</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Take a second reading</source>
        <translation>请用体温计测量</translation>
    </message>
    <message>
        <source>Open cases: {0}</source>
        <translation>进行中的个案：{0}</translation>
    </message>
    <message>
        <source>Take back
last step</source>
        <translation>撤销
上一步</translation>
    </message>
    <message>
        <source>Left without
hand-over</source>
        <translation>未移交
自行离开</translation>
    </message>
    <message>
        <source>No open case</source>
        <translation>没有进行中的个案</translation>
    </message>
    <message>
        <source>Travellers with a confirmed fever appear here</source>
        <translation>确认发热的旅客会出现在这里</translation>
    </message>
    <message>
        <source>Printed:
once more</source>
        <translation>已打印：
再打一份</translation>
    </message>
    <message>
        <source>Not printed:
try again</source>
        <translation>未打印：
请重试</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>打印</translation>
    </message>
    <message>
        <source>Slip: fever
clinics</source>
        <translation>就诊
指引单</translation>
    </message>
    <message>
        <source>Page for the
duty desk</source>
        <translation>值班室
报告页</translation>
    </message>
</context>
<context>
    <name>caseviews</name>
    <message>
        <source>rests for {0} more</source>
        <translation>还需休息 {0}</translation>
    </message>
    <message>
        <source>no deadline</source>
        <translation>无时限</translation>
    </message>
    <message>
        <source>due in {0}</source>
        <translation>剩余 {0}</translation>
    </message>
    <message>
        <source>late by {0}</source>
        <translation>超时 {0}</translation>
    </message>
    <message>
        <source>: tell the shift lead</source>
        <translation>：报告值班长</translation>
    </message>
    <message>
        <source>: ring the duty desk {0}</source>
        <translation>：电话通知疾控值班室 {0}</translation>
    </message>
    <message>
        <source>isolation room {0}</source>
        <translation>隔离室 {0}</translation>
    </message>
    <message>
        <source>Two readings are needed</source>
        <translation>需要两次复测</translation>
    </message>
    <message>
        <source>In doubt: use contact or ear</source>
        <translation>存疑：用接触式或耳温</translation>
    </message>
    <message>
        <source>Readings agree: fever</source>
        <translation>两次一致：发热</translation>
    </message>
    <message>
        <source>Readings agree: no fever</source>
        <translation>两次一致：未发热</translation>
    </message>
    <message>
        <source>No order in force today</source>
        <translation>今天无生效规定</translation>
    </message>
    <message>
        <source>One more reading is needed</source>
        <translation>还需再测一次</translation>
    </message>
    <message>
        <source>{0} alerts without receipt for {1}: ring the duty desk {2}</source>
        <translation>{0} 条预警 {1} 未获回执：请电话通知疾控值班室 {2}</translation>
    </message>
</context>
<context>
    <name>certificates</name>
    <message>
        <source>No linearity certificate yet</source>
        <translation>尚无线性检查证书</translation>
    </message>
    <message>
        <source> (shortened sweep, not the whole check)</source>
        <translation>（简化检查，非完整检查）</translation>
    </message>
    <message>
        <source>EXPIRED {0}</source>
        <translation>已于 {0} 过期</translation>
    </message>
    <message>
        <source>valid until {0}</source>
        <translation>有效期至 {0}</translation>
    </message>
    <message>
        <source>slope {0}</source>
        <translation>斜率 {0}</translation>
    </message>
    <message>
        <source>largest deviation {0} °C</source>
        <translation>最大偏差 {0} °C</translation>
    </message>
</context>
<context>
    <name>choosing</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>More {0}/{1}</source>
        <translation>更多 {0}/{1}</translation>
    </message>
</context>
<context>
    <name>daily</name>
    <message>
        <source>Source
-0.1 °C</source>
        <translation>参考源
-0.1 °C</translation>
    </message>
    <message>
        <source>Source
+0.1 °C</source>
        <translation>参考源
+0.1 °C</translation>
    </message>
    <message>
        <source>Begin the check</source>
        <translation>开始核查</translation>
    </message>
    <message>
        <source>Print
the sheet</source>
        <translation>打印
核查表</translation>
    </message>
    <message>
        <source>No instruments known yet</source>
        <translation>尚无仪器信息</translation>
    </message>
    <message>
        <source>The source is at {0} °C</source>
        <translation>参考源温度 {0} °C</translation>
    </message>
    <message>
        <source>Set the thermometer to surface mode, then begin</source>
        <translation>将体温计切换到物体（表面）模式，然后开始</translation>
    </message>
    <message>
        <source>Pull the trigger at the source: {0} of {1}</source>
        <translation>对准参考源扣扳机：第 {0} 次，共 {1} 次</translation>
    </message>
    <message>
        <source>The check was not carried out: begin anew</source>
        <translation>核查未完成：请重新开始</translation>
    </message>
    <message>
        <source>The sheet cannot be written: call a technician</source>
        <translation>无法写入核查表：请找技术员</translation>
    </message>
    <message>
        <source>Printed, and kept as {0}</source>
        <translation>已打印，并保存为 {0}</translation>
    </message>
    <message>
        <source>No printer is set up here; kept as {0}</source>
        <translation>本机未设打印机；已保存为 {0}</translation>
    </message>
</context>
<context>
    <name>devices</name>
    <message>
        <source>No devices known yet</source>
        <translation>尚无设备信息</translation>
    </message>
    <message>
        <source>The way to the CDC</source>
        <translation>与疾控的连接</translation>
    </message>
    <message>
        <source>The station itself</source>
        <translation>主机</translation>
    </message>
</context>
<context>
    <name>deviceviews</name>
    <message>
        <source>Station: ledger was damaged</source>
        <translation>主机：台账曾损坏</translation>
    </message>
    <message>
        <source>Station: fault</source>
        <translation>主机：故障</translation>
    </message>
    <message>
        <source>{0} · lane {1} · {2}</source>
        <translation>{0} · 通道 {1} · {2}</translation>
    </message>
    <message>
        <source>Shutter corrections (FFC): none noticed</source>
        <translation>快门校正 (FFC)：未发现</translation>
    </message>
    <message>
        <source>Shutter corrections (FFC), so long ago: {0}</source>
        <translation>快门校正 (FFC)，距今：{0}</translation>
    </message>
    <message>
        <source>for {0}</source>
        <translation>已 {0}</translation>
    </message>
    <message>
        <source>Daily check: PASS {0} ago</source>
        <translation>每日核查：合格，{0} 前</translation>
    </message>
    <message>
        <source>Daily check: FAIL {0} ago</source>
        <translation>每日核查：不合格，{0} 前</translation>
    </message>
    <message>
        <source>at most {0} °C off (limit {1})</source>
        <translation>最大偏差 {0} °C（限值 {1}）</translation>
    </message>
    <message>
        <source>Shows {0} °C, set to {1} °C</source>
        <translation>显示 {0} °C，设定 {1} °C</translation>
    </message>
    <message>
        <source>Settled</source>
        <translation>已稳定</translation>
    </message>
    <message>
        <source>Not settled yet</source>
        <translation>尚未稳定</translation>
    </message>
    <message>
        <source>Output on</source>
        <translation>加热已开</translation>
    </message>
    <message>
        <source>Output off</source>
        <translation>加热已关</translation>
    </message>
    <message>
        <source>no reference</source>
        <translation>无参考源</translation>
    </message>
    <message>
        <source>as it should be</source>
        <translation>标准值</translation>
    </message>
    <message>
        <source>Reference: read minus true</source>
        <translation>参考源：读数减真值</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Noise of a pixel (NETD)</source>
        <translation>像素噪声 (NETD)</translation>
    </message>
    <message>
        <source>rate unknown</source>
        <translation>帧率未知</translation>
    </message>
    <message>
        <source>{0} pictures/s</source>
        <translation>每秒 {0} 帧</translation>
    </message>
    <message>
        <source>{0} gaps</source>
        <translation>丢帧 {0} 次</translation>
    </message>
    <message>
        <source>Missing or late pictures in 5 s</source>
        <translation>5 秒内丢帧或延迟</translation>
    </message>
</context>
<context>
    <name>display</name>
    <message>
        <source>Colours of the picture</source>
        <translation>画面颜色</translation>
    </message>
    <message>
        <source>Sounds for travellers</source>
        <translation>给旅客的提示音</translation>
    </message>
    <message>
        <source>What travellers see now</source>
        <translation>旅客现在看到的</translation>
    </message>
    <message>
        <source>cold to hot in {0}</source>
        <translation>{0}，由冷到热</translation>
    </message>
    <message>
        <source>Travellers see no temperature and no picture. A second screen shows this by itself; on a single wide screen a technician can set it beside this window.</source>
        <translation>旅客看不到温度和画面。有第二块屏幕时会自动显示；只有一块宽屏时，技术员可把它设在本窗口旁边。</translation>
    </message>
    <message>
        <source>No sound: this machine has no program that plays it. A technician can install one. Travellers are told by drawings and words.</source>
        <translation>没有声音：本机没有播放声音的程序，可请技术员安装。旅客看图示和文字。</translation>
    </message>
    <message>
        <source>No voice is installed: travellers hear the sounds alone, and are told by drawings and words.</source>
        <translation>没有安装语音：旅客只听到提示音，并看图示和文字。</translation>
    </message>
    <message>
        <source>Prompts are spoken in Chinese and English.</source>
        <translation>提示用中文和英文播报。</translation>
    </message>
</context>
<context>
    <name>dutypage</name>
    <message>
        <source>No printer is set up here: read the page out</source>
        <translation>未安装打印机：请在电话中念出本页</translation>
    </message>
    <message>
        <source>Sent to the printer {0}</source>
        <translation>已发送到打印机 {0}</translation>
    </message>
    <message>
        <source>Alert to the duty desk: case {0}</source>
        <translation>报疾控值班室：个案 {0}</translation>
    </message>
    <message>
        <source>Duty desk</source>
        <translation>值班室电话</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>站点</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>截至</translation>
    </message>
    <message>
        <source>Alerts without receipt</source>
        <translation>未获回执的预警</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>报警时间</translation>
    </message>
    <message>
        <source>Lane</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Skin temperature</source>
        <translation>皮肤温度</translation>
    </message>
    <message>
        <source>Second check</source>
        <translation>复测结果</translation>
    </message>
    <message>
        <source>Now due</source>
        <translation>待办</translation>
    </message>
    <message>
        <source>Hand-over</source>
        <translation>移交情况</translation>
    </message>
    <message>
        <source>Told by: ______________  To: ______________  At: ________</source>
        <translation>报告人：______________  接报人：______________  时间：________</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{0}, the oldest for {1}</source>
        <translation>{0} 条，最早一条已等待 {1}</translation>
    </message>
    <message>
        <source>{0} °C, uncertain by ±{1} °C (k=2)</source>
        <translation>{0} °C，不确定度 ±{1} °C (k=2)</translation>
    </message>
    <message>
        <source>Second readings</source>
        <translation>复测读数</translation>
    </message>
    <message>
        <source>Second reading {0}</source>
        <translation>复测读数 {0}</translation>
    </message>
    <message>
        <source>not told</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>{0} °C · place: {1} · thermometer: {2} · {3}</source>
        <translation>{0} °C · 部位：{1} · 体温计：{2} · {3}</translation>
    </message>
    <message>
        <source>not begun</source>
        <translation>未开始</translation>
    </message>
</context>
<context>
    <name>export</name>
    <message>
        <source>Write passages into a file, without identity</source>
        <translation>导出通行记录（不含身份信息）</translation>
    </message>
    <message>
        <source>Cancel the export</source>
        <translation>取消导出</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>已写入</translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>{0} to {1} · {2} people · {3} flagged · {4} not measured</source>
        <translation>{0} 至 {1} · {2} 人 · 需复测 {3} · 未测到 {4}</translation>
    </message>
    <message>
        <source>Skin temperature, °C</source>
        <translation>皮肤温度，°C</translation>
    </message>
    <message>
        <source>Nobody was measured</source>
        <translation>无人被测量</translation>
    </message>
    <message>
        <source>Median {0} °C, coldest {1} °C, hottest {2} °C</source>
        <translation>中位数 {0} °C，最低 {1} °C，最高 {2} °C</translation>
    </message>
    <message>
        <source>Flagged by hour: second check, hatched measure again</source>
        <translation>每小时报警：实心为需复测，斜线为请再测</translation>
    </message>
    <message>
        <source>Flagged by day: second check, hatched measure again</source>
        <translation>每日报警：实心为需复测，斜线为请再测</translation>
    </message>
    <message>
        <source>Nobody was flagged</source>
        <translation>没有报警</translation>
    </message>
    <message>
        <source>Most: {0} from {1} on</source>
        <translation>最多：{0}，自 {1} 起</translation>
    </message>
    <message>
        <source>Other reasons</source>
        <translation>其他原因</translation>
    </message>
    <message>
        <source>Everybody was measured</source>
        <translation>所有人都已测到</translation>
    </message>
    <message>
        <source>Not measured: reasons</source>
        <translation>未测到的原因</translation>
    </message>
    <message>
        <source>No second check</source>
        <translation>没有复测</translation>
    </message>
    <message>
        <source>Second checks</source>
        <translation>复测结果</translation>
    </message>
    <message>
        <source>No cause was told</source>
        <translation>没有原因记录</translation>
    </message>
    <message>
        <source>Cleared: causes</source>
        <translation>已排除的原因</translation>
    </message>
    <message>
        <source>No flag was checked</source>
        <translation>没有经复测的报警</translation>
    </message>
    <message>
        <source>{0} more: choose a camera above</source>
        <translation>另有 {0} 台：请在上方选择热像仪</translation>
    </message>
    <message>
        <source>False alarms by camera (95 % interval)</source>
        <translation>各热像仪误报率（95 % 置信区间）</translation>
    </message>
    <message>
        <source>False alarms by hour of the day, share of checked flags</source>
        <translation>一天各时段误报率（占已复测的报警）</translation>
    </message>
    <message>
        <source>All hours: {0} cleared</source>
        <translation>全部时段：已排除 {0}</translation>
    </message>
    <message>
        <source>none checked</source>
        <translation>无复测</translation>
    </message>
</context>
<context>
    <name>foundviews</name>
    <message>
        <source>Nothing fits: choose a longer time or fewer filters</source>
        <translation>没有符合条件的记录：请放宽时间或减少条件</translation>
    </message>
    <message>
        <source>Page {0}</source>
        <translation>第 {0} 页</translation>
    </message>
    <message>
        <source>Page {0} · about {1} passages</source>
        <translation>第 {0} 页 · 约 {1} 人次</translation>
    </message>
    <message>
        <source>{0} of about {1} passages are written</source>
        <translation>已写入 {0} 人次，共约 {1}</translation>
    </message>
    <message>
        <source>{0} passages are in {1}, in the station&apos;s export folder</source>
        <translation>{0} 人次已写入 {1}，在本站的导出文件夹中</translation>
    </message>
    <message>
        <source>Cancelled: nothing is left of the file</source>
        <translation>已取消：未留下文件</translation>
    </message>
    <message>
        <source>Not written: {0}</source>
        <translation>未写成：{0}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>hatching</name>
    <message>
        <source>Nobody measured here</source>
        <translation>此处不测温</translation>
    </message>
</context>
<context>
    <name>header</name>
    <message>
        <source>Fever screening</source>
        <translation>体温筛查</translation>
    </message>
    <message>
        <source>Silent
{0}</source>
        <translation>静音
{0}</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>中文</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>模拟</translation>
    </message>
    <message>
        <source>DRILL</source>
        <translation>演练</translation>
    </message>
</context>
<context>
    <name>lane</name>
    <message>
        <source>Lane {0} · {1} pictures/s</source>
        <translation>通道 {0} · 每秒 {1} 帧</translation>
    </message>
    <message>
        <source>Triage aid, not a diagnosis. Skin temperature, not body.</source>
        <translation>辅助筛查，非诊断。显示皮肤温度，非体温。</translation>
    </message>
    <message>
        <source>All
lanes</source>
        <translation>全部
通道</translation>
    </message>
</context>
<context>
    <name>lanes</name>
    <message>
        <source>Lane {0}</source>
        <translation>通道 {0}</translation>
    </message>
    <message>
        <source>Lanes: unknown</source>
        <translation>通道：未知</translation>
    </message>
    <message>
        <source>Lanes: starting</source>
        <translation>通道：启动中</translation>
    </message>
    <message>
        <source>Lanes: {0} measuring</source>
        <translation>通道：{0} 条测量中</translation>
    </message>
    <message>
        <source>everybody is looked at</source>
        <translation>逐人测量</translation>
    </message>
    <message>
        <source>Lane {0}: {1}</source>
        <translation>通道 {0}：{1}</translation>
    </message>
    <message>
        <source>and {0} more: use the thermometer</source>
        <translation>另有 {0} 条：请用体温计</translation>
    </message>
    <message>
        <source>lane {0}: {1}</source>
        <translation>通道 {0}：{1}</translation>
    </message>
    <message>
        <source>Flagged: {0} · lane {1}</source>
        <translation>报警：{0} · 通道 {1}</translation>
    </message>
    <message>
        <source>{0} ago, held until decided</source>
        <translation>{0} 前，处理前保留</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>另有 {0} 人</translation>
    </message>
    <message>
        <source>late</source>
        <translation>画面延迟</translation>
    </message>
    <message>
        <source>use the thermometer</source>
        <translation>请用体温计</translation>
    </message>
</context>
<context>
    <name>ledger</name>
    <message>
        <source>Newest</source>
        <translation>最新</translation>
    </message>
    <message>
        <source>The search was not answered: try again</source>
        <translation>查找没有回应：请再试一次</translation>
    </message>
    <message>
        <source>Number of the case</source>
        <translation>个案号</translation>
    </message>
    <message>
        <source>Type day and time</source>
        <translation>输入日期和时间</translation>
    </message>
    <message>
        <source>Passages before: month, day, hour, minute</source>
        <translation>查此时刻之前的通行：月、日、时、分（各两位）</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Asking the station…</source>
        <translation>正在请求主机…</translation>
    </message>
    <message>
        <source>Not begun: another export may be running</source>
        <translation>未开始：可能正在进行另一个导出</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>Newer</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>更早</translation>
    </message>
    <message>
        <source>Nothing newer</source>
        <translation>已是最新</translation>
    </message>
    <message>
        <source>Nothing older</source>
        <translation>已是最早</translation>
    </message>
</context>
<context>
    <name>message</name>
    <message>
        <source>OK</source>
        <translation>知道了</translation>
    </message>
</context>
<context>
    <name>number</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>查找</translation>
    </message>
</context>
<context>
    <name>prompts</name>
    <message>
        <source>Please walk slowly and look ahead</source>
        <translation>请慢步前行，目视前方</translation>
    </message>
    <message>
        <source>Please come a little closer</source>
        <translation>请再靠近一点</translation>
    </message>
    <message>
        <source>Please look at the camera</source>
        <translation>请看镜头</translation>
    </message>
    <message>
        <source>Please walk in the middle</source>
        <translation>请走在中间</translation>
    </message>
    <message>
        <source>Please take off your glasses</source>
        <translation>请摘下眼镜</translation>
    </message>
    <message>
        <source>Please uncover your eyes</source>
        <translation>请露出双眼</translation>
    </message>
    <message>
        <source>One at a time, please</source>
        <translation>请一位一位通过</translation>
    </message>
    <message>
        <source>Please stand still for a moment</source>
        <translation>请站稳片刻</translation>
    </message>
    <message>
        <source>Please step into the shade</source>
        <translation>请站到阴凉处</translation>
    </message>
    <message>
        <source>Welcome! Please rest inside for a few minutes, then come again</source>
        <translation>欢迎您！请先在室内休息几分钟，再来测量</translation>
    </message>
    <message>
        <source>Please step aside for a second check. Our staff will help you</source>
        <translation>请到旁边复测，工作人员会帮助您</translation>
    </message>
    <message>
        <source>Thank you, please go on</source>
        <translation>谢谢，请通行</translation>
    </message>
    <message>
        <source>One moment, please</source>
        <translation>请稍等</translation>
    </message>
    <message>
        <source>Thank you for waiting. Our staff will take your temperature</source>
        <translation>感谢您的等候，工作人员会为您测量体温</translation>
    </message>
    <message>
        <source>Lane {0}</source>
        <translation>通道 {0}</translation>
    </message>
</context>
<context>
    <name>questions</name>
    <message>
        <source>Why was somebody without fever flagged?</source>
        <translation>未发热：报警原因？</translation>
    </message>
    <message>
        <source>Mouth</source>
        <translation>口腔</translation>
    </message>
    <message>
        <source>Armpit</source>
        <translation>腋下</translation>
    </message>
    <message>
        <source>Where was the thermometer held?</source>
        <translation>测的是哪个部位？</translation>
    </message>
    <message>
        <source>Rest for
{0} minutes</source>
        <translation>休息
{0} 分钟</translation>
    </message>
    <message>
        <source>End
the rest</source>
        <translation>结束
休息</translation>
    </message>
    <message>
        <source>Take back
last reading</source>
        <translation>撤销
上次读数</translation>
    </message>
    <message>
        <source>Unclear: go on
as with fever</source>
        <translation>不明确：按
疑似发热处理</translation>
    </message>
    <message>
        <source>Left without
hand-over</source>
        <translation>未移交
自行离开</translation>
    </message>
</context>
<context>
    <name>regions</name>
    <message>
        <source>Next lane</source>
        <translation>下一通道</translation>
    </message>
    <message>
        <source>Use these regions</source>
        <translation>使用这些区域</translation>
    </message>
    <message>
        <source>Where the source of certifying stands</source>
        <translation>检定源的位置</translation>
    </message>
    <message>
        <source>Lane {0}: where nobody is measured</source>
        <translation>通道 {0}：不测温的屏蔽区</translation>
    </message>
    <message>
        <source>Where the reference source may be</source>
        <translation>参考源（黑体）可能所在的区域</translation>
    </message>
    <message>
        <source>Touch the area that shall be searched again</source>
        <translation>请点按要移除的屏蔽区</translation>
    </message>
    <message>
        <source>Masked: {0}. Draw around a lamp, a radiator or a window</source>
        <translation>屏蔽区：{0} 个。请框住灯、暖气片或窗户</translation>
    </message>
    <message>
        <source>In use: {0}. Point at the disc, or draw regions</source>
        <translation>使用中：{0}。请指认圆盘，或画区域</translation>
    </message>
    <message>
        <source>Touch the middle of the disc on the picture</source>
        <translation>请点按画面中圆盘的中心</translation>
    </message>
    <message>
        <source>The disc, {0} pixels across, reads {1} °C</source>
        <translation>圆盘宽 {0} 像素，读数 {1} °C</translation>
    </message>
    <message>
        <source>The disc, {0} pixels across, reads {1} °C; set point {2} °C, difference {3} °C</source>
        <translation>圆盘宽 {0} 像素，读数 {1} °C；设定值 {2} °C，相差 {3} °C</translation>
    </message>
    <message>
        <source>Who walks only there is neither measured nor counted; the live picture hatches the area. The station starts again with it: some seconds without screening.</source>
        <translation>只从屏蔽区走过的人不测温、不计数；实时画面以斜线标出该区。启用后主机会重新启动：几秒钟内不筛查。</translation>
    </message>
    <message>
        <source>Pointed at in {0} of {1} lanes; the others keep their regions, too.</source>
        <translation>已在 {1} 条通道中的 {0} 条指认；其余通道仍保留原有区域。</translation>
    </message>
    <message>
        <source>All cameras look for it in the same regions. The station starts again with them: some seconds without screening.</source>
        <translation>所有热像仪都在同样的区域内寻找参考源。启用后主机会重新启动：几秒钟内不筛查。</translation>
    </message>
    <message>
        <source>More than {0} °C off: is it this one, and has it warmed up?</source>
        <translation>相差超过 {0} °C：是否指对了，是否已预热？</translation>
    </message>
    <message>
        <source>The search finds another spot there: make the region smaller</source>
        <translation>搜索会找到区域内的另一处：请缩小区域</translation>
    </message>
    <message>
        <source>{0} of the last {1} people walked there: they would be neither measured nor counted. Keep the way of travellers free</source>
        <translation>最近走过的 {1} 人中有 {0} 人经过此处：设为屏蔽区后既不测温也不计数。请避开旅客通行路线</translation>
    </message>
    <message>
        <source>It would stand before the reference source: move it aside</source>
        <translation>它会挡住参考源：请移开</translation>
    </message>
    <message>
        <source>The regions of both sources overlap: before certifying, point at both anew</source>
        <translation>两个源的区域重叠：检定前请重新指定两者</translation>
    </message>
    <message>
        <source>The area would hide the reference source: draw it beside the source</source>
        <translation>屏蔽区会遮住参考源：请避开参考源来画</translation>
    </message>
    <message>
        <source>A masked area hides the source there: remove that area first</source>
        <translation>屏蔽区遮住了该处的源：请先移除屏蔽区</translation>
    </message>
    <message>
        <source>Too small: draw it larger</source>
        <translation>太小：请画大些</translation>
    </message>
    <message>
        <source>No area there: touch a hatched one</source>
        <translation>该处没有屏蔽区：请点按斜线区域</translation>
    </message>
    <message>
        <source>Picture to draw on</source>
        <translation>可在上面画区域的画面</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>尚无画面</translation>
    </message>
    <message>
        <source>No more than {0} regions</source>
        <translation>最多 {0} 个区域</translation>
    </message>
    <message>
        <source>Region {0}: tap its first corner</source>
        <translation>区域 {0}：请点按第一个角</translation>
    </message>
    <message>
        <source>Tap the opposite corner</source>
        <translation>请点按对角</translation>
    </message>
    <message>
        <source>Point at
the disc</source>
        <translation>指认
圆盘</translation>
    </message>
    <message>
        <source>Draw
regions</source>
        <translation>画区域</translation>
    </message>
    <message>
        <source>Smaller
region</source>
        <translation>缩小
区域</translation>
    </message>
    <message>
        <source>Larger
region</source>
        <translation>放大
区域</translation>
    </message>
    <message>
        <source>Leave as
it was</source>
        <translation>保持
原样</translation>
    </message>
    <message>
        <source>To the
masked areas</source>
        <translation>改看
屏蔽区</translation>
    </message>
    <message>
        <source>To the
reference</source>
        <translation>改看
参考源</translation>
    </message>
    <message>
        <source>Remove
an area</source>
        <translation>移除
屏蔽区</translation>
    </message>
    <message>
        <source>Draw
an area</source>
        <translation>画
屏蔽区</translation>
    </message>
    <message>
        <source>Use these areas</source>
        <translation>使用这些屏蔽区</translation>
    </message>
    <message>
        <source>To the
swept source</source>
        <translation>改看
检定源</translation>
    </message>
    <message>
        <source>Being checked</source>
        <translation>正在检查</translation>
    </message>
    <message>
        <source>Taken over: the station starts again</source>
        <translation>已启用：主机正在重新启动</translation>
    </message>
    <message>
        <source>Not taken over: {0}</source>
        <translation>未启用：{0}</translation>
    </message>
    <message>
        <source>Not answered: look whether they are in use</source>
        <translation>没有回应：请查看是否已启用</translation>
    </message>
    <message>
        <source>No disc there: a source is flat and hotter than its mount all around. Touch its middle</source>
        <translation>那里没有圆盘：参考源温度均匀，且比四周底座更热。请点按其中心</translation>
    </message>
</context>
<context>
    <name>registration</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Does not
know</source>
        <translation>不详</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>登记</translation>
    </message>
    <message>
        <source>Register: now in
the isolation room</source>
        <translation>登记：已进入
隔离室</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Identity card or passport</source>
        <translation>身份证或护照号</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>Asked under a rule, kept on this station, deleted in time</source>
        <translation>依规定采集，只存本站，到期删除</translation>
    </message>
    <message>
        <source>Asked under a rule, also for the CDC (sealed, only it can read it), deleted in time</source>
        <translation>依规定采集，同时密封告知疾控（仅疾控可读），到期删除</translation>
    </message>
    <message>
        <source>Register case {0}</source>
        <translation>登记个案 {0}</translation>
    </message>
    <message>
        <source> · no station: wait, what you typed stays here</source>
        <translation> · 连接不上主机：请稍候，已填内容保留</translation>
    </message>
    <message>
        <source> · the kiosk restarted: ask all questions again</source>
        <translation> · 终端重启过：请重新询问全部问题</translation>
    </message>
    <message>
        <source>What was typed here was forgotten when the page closed: ask again</source>
        <translation>离开本页时，已填的身份信息已清除：请重新询问</translation>
    </message>
    <message>
        <source>An identity is kept: leave this empty, or type all of it anew</source>
        <translation>已保存身份信息：不改请留空，要改请全部重填</translation>
    </message>
    <message>
        <source>None</source>
        <translation>没有</translation>
    </message>
    <message>
        <source>No to all
three questions</source>
        <translation>三项
都没有</translation>
    </message>
    <message>
        <source>Identity</source>
        <translation>身份信息</translation>
    </message>
    <message>
        <source>asked</source>
        <translation>已询问</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>健康状况</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>不详</translation>
    </message>
    <message>
        <source>typed</source>
        <translation>已填</translation>
    </message>
    <message>
        <source>ask again</source>
        <translation>请重新询问</translation>
    </message>
    <message>
        <source>Type it</source>
        <translation>手工输入</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一项</translation>
    </message>
</context>
<context>
    <name>rows</name>
    <message>
        <source>More
{0}/{1}</source>
        <translation>更多
{0}/{1}</translation>
    </message>
    <message>
        <source>Page
back</source>
        <translation>往回
翻页</translation>
    </message>
</context>
<context>
    <name>salvage</name>
    <message>
        <source>The ledger was damaged on {0}. The station went on with a new one: screening goes on.</source>
        <translation>台账于 {0} 损坏。主机已改用新台账：筛查照常进行。</translation>
    </message>
    <message>
        <source>Saved: {0} alerts that still go to the CDC, {1} unfinished cases, {2} passages.</source>
        <translation>已保住：待送疾控中心的报告 {0} 份、未完个案 {1} 个、通过记录 {2} 条。</translation>
    </message>
    <message>
        <source>The disk is too full for all of it. Saved: {0} alerts that still go to the CDC, {1} unfinished cases.</source>
        <translation>磁盘已满，容不下全部内容。已保住：待送疾控中心的报告 {0} 份、未完个案 {1} 个。</translation>
    </message>
    <message>
        <source>The disk is too full: nothing is carried over. Alerts that had not left wait in the damaged file, tell the CDC by telephone.</source>
        <translation>磁盘已满：未能转入任何内容。尚未送出的报告留在损坏的文件中，请电话告知疾控中心。</translation>
    </message>
    <message>
        <source>{0} messages to the CDC</source>
        <translation>疾控中心报告 {0} 份</translation>
    </message>
    <message>
        <source>{0} cases</source>
        <translation>个案 {0} 个</translation>
    </message>
    <message>
        <source>{0} passages</source>
        <translation>通过记录 {0} 条</translation>
    </message>
    <message>
        <source>{0} second readings</source>
        <translation>复测 {0} 次</translation>
    </message>
    <message>
        <source>{0} rows of the audit trail</source>
        <translation>审计记录 {0} 行</translation>
    </message>
    <message>
        <source>{0} accounts</source>
        <translation>账户 {0} 个</translation>
    </message>
    <message>
        <source>Nothing is known to be missing.</source>
        <translation>未发现缺失。</translation>
    </message>
    <message>
        <source>Missing: {0}.</source>
        <translation>缺失：{0}。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Nothing is missing up to {0}.</source>
        <translation>{0} 之前无缺失。</translation>
    </message>
    <message>
        <source>How much is missing cannot be told.</source>
        <translation>无法确定缺失多少。</translation>
    </message>
    <message>
        <source>Staff: look whether a traveller at the second check has no case any more.</source>
        <translation>工作人员：请查看复测处是否有旅客的个案已不在。</translation>
    </message>
    <message>
        <source>Technician: copy {0} to a safe place and check the disk; move the file away and this alarm ends at the next start.</source>
        <translation>技术员：请将 {0} 复制到安全处，并检查磁盘；移走该文件后，下次启动时此警示消失。</translation>
    </message>
    <message>
        <source>Only the alerts are left of these cases, look for their travellers: {0}.</source>
        <translation>以下个案只剩报告，请寻找其旅客：{0}。</translation>
    </message>
</context>
<context>
    <name>screens</name>
    <message>
        <source>Live lane</source>
        <translation>实时通道</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>个案</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>审计</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>每日核查</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>维护</translation>
    </message>
    <message>
        <source>Simulate</source>
        <translation>模拟</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>searching</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>before {0}</source>
        <translation>{0} 之前</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>热像仪</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>个案号</translation>
    </message>
</context>
<context>
    <name>service</name>
    <message>
        <source>Page up</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>Page down</source>
        <translation>下一页</translation>
    </message>
    <message>
        <source>Take over
this version</source>
        <translation>启用
此版本</translation>
    </message>
    <message>
        <source>Support
bundle</source>
        <translation>导出
诊断包</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Whole log</source>
        <translation>全部
日志</translation>
    </message>
    <message>
        <source>Log:
troubles</source>
        <translation>日志：
故障</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>Version {0} · in use</source>
        <translation>版本 {0} · 使用中</translation>
    </message>
    <message>
        <source>Touch a version of the settings</source>
        <translation>请点按一个设置版本</translation>
    </message>
    <message>
        <source>These settings are in use</source>
        <translation>正在使用这些设置</translation>
    </message>
    <message>
        <source>What version {0} would change</source>
        <translation>版本 {0} 会改变什么</translation>
    </message>
    <message>
        <source>Log of the station: warnings and errors</source>
        <translation>主机日志：警告和错误</translation>
    </message>
    <message>
        <source>Log of the station</source>
        <translation>主机日志</translation>
    </message>
    <message>
        <source>Taken over: the station starts again</source>
        <translation>已启用：主机正在重新启动</translation>
    </message>
    <message>
        <source>Nothing of that kind is in the log</source>
        <translation>日志中没有这类内容</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>正在进行</translation>
    </message>
    <message>
        <source>Working: {0} %</source>
        <translation>正在进行：{0} %</translation>
    </message>
    <message>
        <source>Written: {0}, in the station&apos;s folder for files</source>
        <translation>已写入导出文件夹：{0}</translation>
    </message>
    <message>
        <source>Not carried out: {0}</source>
        <translation>未执行：{0}</translation>
    </message>
    <message>
        <source>Not answered: look before you ask again</source>
        <translation>没有回应：再次操作前请先查看</translation>
    </message>
</context>
<context>
    <name>sheetviews</name>
    <message>
        <source>{0} of {1} points judged</source>
        <translation>已判定 {0}/{1} 项</translation>
    </message>
    <message>
        <source>{0} (limit {1})</source>
        <translation>{0}（限值 {1}）</translation>
    </message>
    <message>
        <source>Daily check of station {0}</source>
        <translation>{0} 站每日核查表</translation>
    </message>
    <message>
        <source>Instrument</source>
        <translation>仪器</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>实测</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Station: {0}</source>
        <translation>全站：{0}</translation>
    </message>
    <message>
        <source>Checked by: ____________________   Date: ______________</source>
        <translation>核查人：____________________   日期：______________</translation>
    </message>
    <message>
        <source>Program {0}</source>
        <translation>程序版本 {0}</translation>
    </message>
</context>
<context>
    <name>shift</name>
    <message>
        <source>A short note for the lead who comes</source>
        <translation>给接班人的简短留言</translation>
    </message>
    <message>
        <source>No names of travellers: the note is kept for good</source>
        <translation>勿写旅客姓名：留言将永久保存</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>接班</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Not carried out: look at what is in force, and try again</source>
        <translation>未执行：请核对当前状态后再试</translation>
    </message>
    <message>
        <source>What is open is not known yet</source>
        <translation>尚不知道有哪些未完事项</translation>
    </message>
    <message>
        <source>Hand over</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>Record hand-over</source>
        <translation>记录交班</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>没有未完事项</translation>
    </message>
    <message>
        <source>Open: {0}</source>
        <translation>未完事项：{0}</translation>
    </message>
    <message>
        <source>the oldest for {0}</source>
        <translation>最早的已等 {0}</translation>
    </message>
    <message>
        <source>Alerts without the CDC&apos;s receipt: {0}</source>
        <translation>未收到疾控回执的预警：{0}</translation>
    </message>
    <message>
        <source>Alerts rejected by the CDC: {0}</source>
        <translation>被疾控拒收的预警：{0}</translation>
    </message>
    <message>
        <source>{0}: not checked today</source>
        <translation>{0}：今日未核查</translation>
    </message>
    <message>
        <source>or its check failed: check it before use</source>
        <translation>或核查不合格：使用前请核查</translation>
    </message>
    <message>
        <source>Skin threshold {0} °C, by the order {1} °C</source>
        <translation>皮温阈值 {0} °C，规定为 {1} °C</translation>
    </message>
    <message>
        <source>changed by {0}</source>
        <translation>由 {0} 更改</translation>
    </message>
    <message>
        <source>late by {0}</source>
        <translation>超时 {0}</translation>
    </message>
    <message>
        <source>Case {0} · {1}</source>
        <translation>个案 {0} · {1}</translation>
    </message>
    <message>
        <source>in time</source>
        <translation>未超时</translation>
    </message>
    <message>
        <source>a technician must look at them</source>
        <translation>须由技术员查看</translation>
    </message>
    <message>
        <source>The lead who comes signs in and takes over</source>
        <translation>由接班的值班长登录并接班</translation>
    </message>
    <message>
        <source>Nobody signs in here: this is one person&apos;s note</source>
        <translation>此处无需登录：仅为一人的记录</translation>
    </message>
    <message>
        <source>{0} hands the shift over, {1}</source>
        <translation>{0} 正在交班，{1}</translation>
    </message>
    <message>
        <source>No shift was handed over yet</source>
        <translation>尚无交班记录</translation>
    </message>
    <message>
        <source>Last: {0} to {1}, {2}</source>
        <translation>上次：{0} 交给 {1}，{2}</translation>
    </message>
    <message>
        <source>Last: a note by {0}, {1}</source>
        <translation>上次：{0} 的记录，{1}</translation>
    </message>
    <message>
        <source>Open then: cases {0} ({1} late), alerts {2}, devices {3}, checks {4}</source>
        <translation>当时未完：个案 {0}（超时 {1}）、预警 {2}、设备 {3}、核查 {4}</translation>
    </message>
    <message>
        <source>the kiosk</source>
        <translation>终端</translation>
    </message>
</context>
<context>
    <name>signing</name>
    <message>
        <source>Somebody else</source>
        <translation>换人登录</translation>
    </message>
    <message>
        <source>Or hold your card to the reader.</source>
        <translation>或在读卡器上刷卡。</translation>
    </message>
    <message>
        <source>Locked: who signs in?</source>
        <translation>已锁定：谁登录？</translation>
    </message>
    <message>
        <source>{0} digits typed</source>
        <translation>已输入 {0} 位</translation>
    </message>
    <message>
        <source>Too many wrong PINs: wait {0} s</source>
        <translation>密码错误次数过多：请等待 {0} 秒</translation>
    </message>
    <message>
        <source>Signed in as {0}: this takes at least {1}</source>
        <translation>当前登录：{0}；此操作至少需要{1}权限</translation>
    </message>
</context>
<context>
    <name>simulators</name>
    <message>
        <source>SIMULATED: neither devices nor people are real here. Every alert is a drill.</source>
        <translation>模拟：这里的设备和人员都不是真实的，每条预警都是演练。</translation>
    </message>
    <message>
        <source>The simulators have not answered yet</source>
        <translation>模拟器尚未应答</translation>
    </message>
    <message>
        <source>Clear all
faults</source>
        <translation>清除
全部故障</translation>
    </message>
    <message>
        <source>Clear its
faults</source>
        <translation>清除
此处故障</translation>
    </message>
    <message>
        <source>Not carried out: {0}</source>
        <translation>未执行：{0}</translation>
    </message>
    <message>
        <source>Not answered: look before you ask again</source>
        <translation>没有应答：请先查看再重试</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>无响应</translation>
    </message>
    <message>
        <source>Unplugged</source>
        <translation>拔掉插头</translation>
    </message>
    <message>
        <source>Another
device</source>
        <translation>接了
别的设备</translation>
    </message>
    <message>
        <source>Begins in
mid-message</source>
        <translation>从报文
中间开始</translation>
    </message>
    <message>
        <source>Cut short</source>
        <translation>报文截断</translation>
    </message>
    <message>
        <source>Bytes lost</source>
        <translation>丢失字节</translation>
    </message>
    <message>
        <source>Bits flipped</source>
        <translation>比特翻转</translation>
    </message>
    <message>
        <source>Parity
as data</source>
        <translation>校验位
混入数据</translation>
    </message>
    <message>
        <source>False
header</source>
        <translation>假报文头</translation>
    </message>
    <message>
        <source>In pieces</source>
        <translation>报文分段</translation>
    </message>
    <message>
        <source>Run
together</source>
        <translation>报文粘连</translation>
    </message>
    <message>
        <source>Needless
answers</source>
        <translation>夹杂
多余应答</translation>
    </message>
    <message>
        <source>Sent twice</source>
        <translation>重复发送</translation>
    </message>
    <message>
        <source>Out of
order</source>
        <translation>次序错乱</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>应答缓慢</translation>
    </message>
    <message>
        <source>Drips</source>
        <translation>零星慢发</translation>
    </message>
    <message>
        <source>Wrong
length</source>
        <translation>长度错误</translation>
    </message>
    <message>
        <source>Echo</source>
        <translation>回声</translation>
    </message>
    <message>
        <source>Pictures
with holes</source>
        <translation>画面缺块</translation>
    </message>
    <message>
        <source>Says it has
no value</source>
        <translation>报告
无数值</translation>
    </message>
    <message>
        <source>Fahrenheit</source>
        <translation>切为华氏</translation>
    </message>
    <message>
        <source>Value
stuck</source>
        <translation>数值卡住</translation>
    </message>
    <message>
        <source>Drift</source>
        <translation>漂移</translation>
    </message>
    <message>
        <source>Wrong clock</source>
        <translation>时钟错误</translation>
    </message>
    <message>
        <source>Ten times
the noise</source>
        <translation>噪声
增十倍</translation>
    </message>
    <message>
        <source>Pixels with
no value</source>
        <translation>像素
无数值</translation>
    </message>
    <message>
        <source>Frozen
picture</source>
        <translation>画面冻结</translation>
    </message>
    <message>
        <source>Shutter
closes</source>
        <translation>快门关闭</translation>
    </message>
    <message>
        <source>Marked as
frozen</source>
        <translation>标记为
冻结</translation>
    </message>
    <message>
        <source>Offset
jumps</source>
        <translation>偏差跳变</translation>
    </message>
    <message>
        <source>No tempe-
ratures</source>
        <translation>没有温度</translation>
    </message>
    <message>
        <source>Dead pixels</source>
        <translation>坏点</translation>
    </message>
    <message>
        <source>Overheated</source>
        <translation>过热</translation>
    </message>
    <message>
        <source>Reference
covered</source>
        <translation>参考源
被遮挡</translation>
    </message>
    <message>
        <source>Bends to
37 °C</source>
        <translation>向37 °C
靠拢</translation>
    </message>
    <message>
        <source>Password
refused</source>
        <translation>拒绝密码</translation>
    </message>
    <message>
        <source>Logins
expire</source>
        <translation>登录
即失效</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>忙</translation>
    </message>
    <message>
        <source>Video wire
pulled</source>
        <translation>拔掉
视频线</translation>
    </message>
    <message>
        <source>Control
wire pulled</source>
        <translation>拔掉
控制线</translation>
    </message>
    <message>
        <source>Object
mode</source>
        <translation>物体模式</translation>
    </message>
    <message>
        <source>Warmed
by a hand</source>
        <translation>被手焐热</translation>
    </message>
    <message>
        <source>Decimal
comma</source>
        <translation>小数逗号</translation>
    </message>
    <message>
        <source>Cut-out
tripped</source>
        <translation>超温保护
跳闸</translation>
    </message>
    <message>
        <source>Unsteady</source>
        <translation>不稳定</translation>
    </message>
    <message>
        <source>One with
fever</source>
        <translation>一人
发热</translation>
    </message>
    <message>
        <source>One without
fever</source>
        <translation>一人
不发热</translation>
    </message>
    <message>
        <source>One with
glasses</source>
        <translation>一人
戴眼镜</translation>
    </message>
    <message>
        <source>One who
looks aside</source>
        <translation>一人
侧脸</translation>
    </message>
    <message>
        <source>A queue
of eight</source>
        <translation>八人
排队</translation>
    </message>
    <message>
        <source>Usual
traffic</source>
        <translation>平常
客流</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>无人</translation>
    </message>
    <message>
        <source>no fault</source>
        <translation>无故障</translation>
    </message>
    <message>
        <source>faults on: {0}</source>
        <translation>故障：{0}</translation>
    </message>
    <message>
        <source>Measure
{0} °C</source>
        <translation>测一人
{0} °C</translation>
    </message>
    <message>
        <source>Set panel
to {0} °C</source>
        <translation>面板设为
{0} °C</translation>
    </message>
    <message>
        <source>Shutter
correction</source>
        <translation>快门校正</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Power off
and on</source>
        <translation>断电
再通电</translation>
    </message>
    <message>
        <source>Time ×{0}</source>
        <translation>时间 ×{0}</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
</context>
<context>
    <name>slip</name>
    <message>
        <source>Fever clinics as words and as a QR code</source>
        <translation>发热门诊的文字和二维码</translation>
    </message>
</context>
<context>
    <name>statistics</name>
    <message>
        <source>The figures could not be counted: try again</source>
        <translation>无法统计：请再试一次</translation>
    </message>
    <message>
        <source>All cameras</source>
        <translation>全部热像仪</translation>
    </message>
    <message>
        <source>Show passages</source>
        <translation>查看通行记录</translation>
    </message>
    <message>
        <source>Show second checks</source>
        <translation>查看复测情况</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在统计…</translation>
    </message>
</context>
<context>
    <name>steps</name>
    <message>
        <source>To the
second check</source>
        <translation>去复测</translation>
    </message>
    <message>
        <source>Correct the
registration</source>
        <translation>更正
登记</translation>
    </message>
    <message>
        <source>Register the
traveller</source>
        <translation>登记旅客</translation>
    </message>
    <message>
        <source>In the
isolation room</source>
        <translation>已进入
隔离室</translation>
    </message>
    <message>
        <source>Ambulance called
and coming</source>
        <translation>已呼叫 120
已派车</translation>
    </message>
    <message>
        <source>It is coming</source>
        <translation>120 已派车</translation>
    </message>
    <message>
        <source>Called: no
answer yet</source>
        <translation>已呼叫：
未答复</translation>
    </message>
    <message>
        <source>Called
once more</source>
        <translation>再次
呼叫</translation>
    </message>
    <message>
        <source>Departed with
the traveller</source>
        <translation>已接走旅客</translation>
    </message>
    <message>
        <source>Arrived at
the clinic</source>
        <translation>已到达
发热门诊</translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message>
        <source>English</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Below threshold</source>
        <translation>低于阈值</translation>
    </message>
    <message>
        <source>Second check</source>
        <translation>需复测</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>请再测</translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation>未测到</translation>
    </message>
    <message>
        <source>Come closer</source>
        <translation>请走近</translation>
    </message>
    <message>
        <source>Face the camera</source>
        <translation>请面向镜头</translation>
    </message>
    <message>
        <source>Step to the middle</source>
        <translation>请站到中间</translation>
    </message>
    <message>
        <source>Starting: use the thermometer</source>
        <translation>正在启动：请用体温计</translation>
    </message>
    <message>
        <source>Warming up: use the thermometer</source>
        <translation>预热中：请用体温计</translation>
    </message>
    <message>
        <source>Camera adjusts: wait a moment</source>
        <translation>热像仪校正中：请稍候</translation>
    </message>
    <message>
        <source>Reference hidden: clear its view</source>
        <translation>看不到参考源：请勿遮挡</translation>
    </message>
    <message>
        <source>Reference unsteady: wait</source>
        <translation>参考源不稳定：请稍候</translation>
    </message>
    <message>
        <source>Reference moved: put it back</source>
        <translation>参考源移位：请放回原处</translation>
    </message>
    <message>
        <source>Remove glasses</source>
        <translation>请摘下眼镜</translation>
    </message>
    <message>
        <source>Uncover the eyes</source>
        <translation>请露出双眼</translation>
    </message>
    <message>
        <source>One at a time, keep apart</source>
        <translation>请逐个通过，保持距离</translation>
    </message>
    <message>
        <source>Too fast: stand still</source>
        <translation>移动过快：请站稳</translation>
    </message>
    <message>
        <source>Hot spot on the face: step aside</source>
        <translation>面部有热斑：请避开阳光或反光</translation>
    </message>
    <message>
        <source>Chilled: rest inside, come back</source>
        <translation>面部偏冷：室内休息后再测</translation>
    </message>
    <message>
        <source>Too hot for skin: use thermometer</source>
        <translation>读数异常偏高：请用体温计</translation>
    </message>
    <message>
        <source>Readings disagree: stand still</source>
        <translation>读数不一致：请站稳</translation>
    </message>
    <message>
        <source>Passed too quickly: walk slowly</source>
        <translation>通过太快：请慢行</translation>
    </message>
    <message>
        <source>Room too cold, warm or damp</source>
        <translation>室温或湿度超限：请用体温计</translation>
    </message>
    <message>
        <source>Clock has jumped: wait a moment</source>
        <translation>时钟跳变：请稍候</translation>
    </message>
    <message>
        <source>Calibration expired: call technician</source>
        <translation>校准过期：请找技术员</translation>
    </message>
    <message>
        <source>Adjusting: wait or use the thermometer</source>
        <translation>校正中：稍候或用体温计</translation>
    </message>
    <message>
        <source>Not measuring: use the thermometer</source>
        <translation>未能测量：请用体温计</translation>
    </message>
    <message>
        <source>No reference: use the thermometer</source>
        <translation>无参考源：请用体温计</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>测量中</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>已测量</translation>
    </message>
    <message>
        <source>Camera fault: use the thermometer</source>
        <translation>热像仪故障：请用体温计</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>warming up</source>
        <translation>预热中</translation>
    </message>
    <message>
        <source>adjusting</source>
        <translation>校正中</translation>
    </message>
    <message>
        <source>not measuring</source>
        <translation>未能测量</translation>
    </message>
    <message>
        <source>no reference</source>
        <translation>无参考源</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>测量中</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>已测量</translation>
    </message>
    <message>
        <source>camera fault</source>
        <translation>热像仪故障</translation>
    </message>
    <message>
        <source>Reference: searching</source>
        <translation>参考源：寻找中</translation>
    </message>
    <message>
        <source>Reference: healthy</source>
        <translation>参考源：正常</translation>
    </message>
    <message>
        <source>Reference: lost</source>
        <translation>参考源：丢失</translation>
    </message>
    <message>
        <source>Reference: moved</source>
        <translation>参考源：已移位</translation>
    </message>
    <message>
        <source>Reference: unsteady</source>
        <translation>参考源：不稳定</translation>
    </message>
    <message>
        <source>Reference: far off</source>
        <translation>参考源：偏差过大</translation>
    </message>
    <message>
        <source>keep its view clear</source>
        <translation>请勿遮挡</translation>
    </message>
    <message>
        <source>corrects every reading</source>
        <translation>用于校正读数</translation>
    </message>
    <message>
        <source>uncover it, check its power</source>
        <translation>请勿遮挡，检查电源</translation>
    </message>
    <message>
        <source>put it back, or call a technician</source>
        <translation>放回原处或找技术员</translation>
    </message>
    <message>
        <source>wait, do not touch it</source>
        <translation>请稍候，勿触碰</translation>
    </message>
    <message>
        <source>call a technician</source>
        <translation>请找技术员</translation>
    </message>
    <message>
        <source>Crowd: learning {0}/{1}, no comparison yet</source>
        <translation>人群：学习中 {0}/{1}，暂不比较</translation>
    </message>
    <message>
        <source>Crowd: skin {0} °C, {1} people in {2}</source>
        <translation>人群：皮肤 {0} °C，{2} 内 {1} 人</translation>
    </message>
    <message>
        <source>Crowd: frozen since {0} at skin {1} °C, now {2} °C; goes on when they agree again</source>
        <translation>人群：{0} 起基准冻结（皮肤 {1} °C），现偏差 {2} °C；恢复一致后继续</translation>
    </message>
    <message>
        <source>CDC: offline</source>
        <translation>疾控：离线</translation>
    </message>
    <message>
        <source>CDC: connected</source>
        <translation>疾控：已连接</translation>
    </message>
    <message>
        <source>CDC: refuses alerts</source>
        <translation>疾控：拒收预警</translation>
    </message>
    <message>
        <source>alerts are kept here</source>
        <translation>预警已存本机</translation>
    </message>
    <message>
        <source>no alert waits</source>
        <translation>无待送预警</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>接触式</translation>
    </message>
    <message>
        <source>Ear</source>
        <translation>耳温</translation>
    </message>
    <message>
        <source>Forehead</source>
        <translation>额温</translation>
    </message>
    <message>
        <source>Surface only</source>
        <translation>仅表面</translation>
    </message>
    <message>
        <source>{0}: nothing heard yet</source>
        <translation>{0}：尚未收到数据</translation>
    </message>
    <message>
        <source>{0}: ready</source>
        <translation>{0}：就绪</translation>
    </message>
    <message>
        <source>{0}: doubtful</source>
        <translation>{0}：读数可疑</translation>
    </message>
    <message>
        <source>{0}: lost</source>
        <translation>{0}：断开</translation>
    </message>
    <message>
        <source>measure with it once to try it</source>
        <translation>请试测一次以确认</translation>
    </message>
    <message>
        <source>can be used</source>
        <translation>可以使用</translation>
    </message>
    <message>
        <source>check cable and power</source>
        <translation>请检查线缆和电源</translation>
    </message>
    <message>
        <source>stands still: call a technician</source>
        <translation>读数不变：请找技术员</translation>
    </message>
    <message>
        <source>drifts: call a technician</source>
        <translation>读数漂移：请找技术员</translation>
    </message>
    <message>
        <source>not at its temperature yet: wait</source>
        <translation>尚未到温：请稍候</translation>
    </message>
    <message>
        <source>set to another temperature: call a technician</source>
        <translation>设定温度不符：请找技术员</translation>
    </message>
    <message>
        <source>was set: compare it with a watch</source>
        <translation>时间被改动：请与手表核对</translation>
    </message>
    <message>
        <source>does not heat: switch it on</source>
        <translation>未加热：请打开</translation>
    </message>
    <message>
        <source>reports a fault: call a technician</source>
        <translation>设备自报故障：请找技术员</translation>
    </message>
    <message>
        <source>impossible value: call a technician</source>
        <translation>读数不合理：请找技术员</translation>
    </message>
    <message>
        <source>Station not reachable: use the thermometer</source>
        <translation>连接不上主机：请用体温计</translation>
    </message>
    <message>
        <source>Station not reachable again: use the thermometer, call a technician</source>
        <translation>主机又连接不上：请用体温计，并找技术员</translation>
    </message>
    <message>
        <source>Station and kiosk do not fit: use the thermometer, call a technician</source>
        <translation>主机与终端版本不符：请用体温计，并找技术员</translation>
    </message>
    <message>
        <source>A second reading with fever cannot be cleared: confirm it, or mark it unclear</source>
        <translation>复测有发热读数，不能排除：请确认，或按疑似发热处理</translation>
    </message>
    <message>
        <source>The two readings that you typed differ: look again and type it twice</source>
        <translation>两次输入的读数不一致：请再看一次，重新输入两遍</translation>
    </message>
    <message>
        <source>No body temperature in °C: look at the unit and type it again</source>
        <translation>不是体温（°C）：请检查单位后重新输入</translation>
    </message>
    <message>
        <source>These readings are no daily check: measure the source three times</source>
        <translation>这些读数不能作为每日核查：请对参考源测量三次</translation>
    </message>
    <message>
        <source>The traveller rests: wait, or use an ear or contact thermometer</source>
        <translation>旅客休息中：请等待，或使用耳温计、接触式体温计</translation>
    </message>
    <message>
        <source>Say where the contact thermometer was held: mouth or armpit</source>
        <translation>请选择接触式体温计的部位：口腔或腋下</translation>
    </message>
    <message>
        <source>One more reading is needed</source>
        <translation>还需要再测一次</translation>
    </message>
    <message>
        <source>The readings disagree: use an ear or contact thermometer</source>
        <translation>读数不一致：请用耳温计或接触式体温计</translation>
    </message>
    <message>
        <source>Choose why this case is cleared</source>
        <translation>请选择排除的原因</translation>
    </message>
    <message>
        <source>A question has no answer yet: ask, or choose &quot;does not know&quot;</source>
        <translation>有问题尚未回答：请询问，或选“不详”</translation>
    </message>
    <message>
        <source>No rule allows taking this identity: leave it empty</source>
        <translation>没有规定允许登记该身份信息：请留空</translation>
    </message>
    <message>
        <source>Register the traveller first</source>
        <translation>请先登记该旅客</translation>
    </message>
    <message>
        <source>The traveller is not at the clinic yet</source>
        <translation>旅客尚未到达发热门诊</translation>
    </message>
    <message>
        <source>There is nothing to take back</source>
        <translation>没有可撤销的步骤</translation>
    </message>
    <message>
        <source>Nobody is signed in: sign in first</source>
        <translation>尚未登录：请先登录</translation>
    </message>
    <message>
        <source>Your role does not allow this: ask the shift lead or a technician</source>
        <translation>您的角色无此权限：请找值班长或技术员</translation>
    </message>
    <message>
        <source>Not recognised: try again</source>
        <translation>无法识别：请重试</translation>
    </message>
    <message>
        <source>Too many wrong PINs: wait a moment</source>
        <translation>密码错误次数过多：请稍候</translation>
    </message>
    <message>
        <source>This name cannot be used, or is taken</source>
        <translation>此姓名不可用，或已被占用</translation>
    </message>
    <message>
        <source>6 to 12 digits, not all the same and no run like 123456</source>
        <translation>6 至 12 位数字，不能全部相同，也不能是 123456 这类连号</translation>
    </message>
    <message>
        <source>No card number, or another person&apos;s card</source>
        <translation>不是卡号，或此卡属于他人</translation>
    </message>
    <message>
        <source>This takes a second person</source>
        <translation>此操作需要第二个人</translation>
    </message>
    <message>
        <source>The settings do not allow this threshold</source>
        <translation>设置不允许此阈值</translation>
    </message>
    <message>
        <source>This proposal is no longer open</source>
        <translation>该提议已失效</translation>
    </message>
    <message>
        <source>This hand-over is no longer open</source>
        <translation>此次交班已失效</translation>
    </message>
    <message>
        <source>The session is over: sign in</source>
        <translation>登录已失效：请重新登录</translation>
    </message>
    <message>
        <source>auditor</source>
        <translation>审计员</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>shift lead</source>
        <translation>值班长</translation>
    </message>
    <message>
        <source>technician</source>
        <translation>技术员</translation>
    </message>
    <message>
        <source>Blue to yellow</source>
        <translation>蓝到黄</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>Glow</source>
        <translation>铁红</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>通行</translation>
    </message>
    <message>
        <source>Staff needed</source>
        <translation>需要工作人员</translation>
    </message>
    <message>
        <source>Trail begun</source>
        <translation>开始记录</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>个案</translation>
    </message>
    <message>
        <source>Daily checks</source>
        <translation>每日核查</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Signing in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Skin threshold</source>
        <translation>皮温阈值</translation>
    </message>
    <message>
        <source>Shifts</source>
        <translation>班次</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>室内环境</translation>
    </message>
    <message>
        <source>Daily figures</source>
        <translation>每日统计</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Damaged ledger</source>
        <translation>损坏的台账</translation>
    </message>
    <message>
        <source>Simulators</source>
        <translation>模拟器</translation>
    </message>
    <message>
        <source>Backups, files</source>
        <translation>备份与导出</translation>
    </message>
    <message>
        <source>a row is missing</source>
        <translation>缺少一条记录</translation>
    </message>
    <message>
        <source>a row was altered</source>
        <translation>一条记录被改动</translation>
    </message>
    <message>
        <source>a row was exchanged</source>
        <translation>一条记录被调换</translation>
    </message>
    <message>
        <source>rows were cut off at the end, or the witness is gone</source>
        <translation>末尾被截断，或见证文件缺失</translation>
    </message>
    <message>
        <source>rows were written anew</source>
        <translation>记录被重写</translation>
    </message>
    <message>
        <source>rows of a damaged ledger could not be read; all others are whole</source>
        <translation>损坏的台账有几行无法读出；其余各行完好</translation>
    </message>
    <message>
        <source>a record was changed beside the trail</source>
        <translation>有记录绕过审计被改动</translation>
    </message>
    <message>
        <source>Waiting for second check</source>
        <translation>等待复测</translation>
    </message>
    <message>
        <source>No temperatures: call technician</source>
        <translation>无温度数据：请找技术员</translation>
    </message>
    <message>
        <source>Picture frozen: use thermometer</source>
        <translation>画面冻结：请用体温计</translation>
    </message>
    <message>
        <source>Warming up: use thermometer</source>
        <translation>预热中：请用体温计</translation>
    </message>
    <message>
        <source>Reference off: call technician</source>
        <translation>参考源偏差大：请找技术员</translation>
    </message>
    <message>
        <source>No order in force: tell shift lead</source>
        <translation>无有效规定：请告知值班长</translation>
    </message>
    <message>
        <source>Room: assumed</source>
        <translation>室温：假定</translation>
    </message>
    <message>
        <source>Room: measured {0}</source>
        <translation>室温：{0} 实测</translation>
    </message>
    <message>
        <source>Second reading taken</source>
        <translation>已复测</translation>
    </message>
    <message>
        <source>Fever confirmed</source>
        <translation>确认发热</translation>
    </message>
    <message>
        <source>Rests</source>
        <translation>休息中</translation>
    </message>
    <message>
        <source>Reading due</source>
        <translation>待复测</translation>
    </message>
    <message>
        <source>Contact reading due</source>
        <translation>待接触式复测</translation>
    </message>
    <message>
        <source>Verdict due</source>
        <translation>待判定</translation>
    </message>
    <message>
        <source>Registration due</source>
        <translation>待登记</translation>
    </message>
    <message>
        <source>To isolation</source>
        <translation>送隔离室</translation>
    </message>
    <message>
        <source>Call ambulance</source>
        <translation>待呼叫 120</translation>
    </message>
    <message>
        <source>Ambulance called</source>
        <translation>已呼叫 120</translation>
    </message>
    <message>
        <source>Ambulance coming</source>
        <translation>等待救护车</translation>
    </message>
    <message>
        <source>On the way</source>
        <translation>送医途中</translation>
    </message>
    <message>
        <source>Clinic&apos;s finding due</source>
        <translation>待门诊结果</translation>
    </message>
    <message>
        <source>Cleared</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>已离开</translation>
    </message>
    <message>
        <source>Ran or
carried much</source>
        <translation>跑动或
负重</translation>
    </message>
    <message>
        <source>Sun, heater,
warm clothes</source>
        <translation>日晒、取暖
或衣厚</translation>
    </message>
    <message>
        <source>Hot drink,
meal, alcohol</source>
        <translation>热饮、进食
或饮酒</translation>
    </message>
    <message>
        <source>Rested,
it is gone</source>
        <translation>休息后
已消退</translation>
    </message>
    <message>
        <source>Camera saw
something else</source>
        <translation>热像仪
误测</translation>
    </message>
    <message>
        <source>No cause
found</source>
        <translation>未找到
原因</translation>
    </message>
    <message>
        <source>forehead</source>
        <translation>额</translation>
    </message>
    <message>
        <source>ear</source>
        <translation>耳</translation>
    </message>
    <message>
        <source>mouth</source>
        <translation>口</translation>
    </message>
    <message>
        <source>armpit</source>
        <translation>腋</translation>
    </message>
    <message>
        <source>The infection
looked for</source>
        <translation>目标
传染病</translation>
    </message>
    <message>
        <source>Not that
infection</source>
        <translation>非目标
传染病</translation>
    </message>
    <message>
        <source>Another
illness</source>
        <translation>其他
疾病</translation>
    </message>
    <message>
        <source>Clinic does
not tell</source>
        <translation>门诊
未告知</translation>
    </message>
    <message>
        <source>called {0}</source>
        <translation>呼叫 {0}</translation>
    </message>
    <message>
        <source>accepted {0}</source>
        <translation>派车 {0}</translation>
    </message>
    <message>
        <source>departed {0}</source>
        <translation>接走 {0}</translation>
    </message>
    <message>
        <source>arrived {0}</source>
        <translation>到达 {0}</translation>
    </message>
    <message>
        <source>left {0}</source>
        <translation>离开 {0}</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>车次</translation>
    </message>
    <message>
        <source>Coach</source>
        <translation>班次</translation>
    </message>
    <message>
        <source>Flight</source>
        <translation>航班</translation>
    </message>
    <message>
        <source>Plate</source>
        <translation>车牌</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>号码</translation>
    </message>
    <message>
        <source>Carriage</source>
        <translation>车厢</translation>
    </message>
    <message>
        <source>Ticket seat</source>
        <translation>票面座位</translation>
    </message>
    <message>
        <source>Seat taken</source>
        <translation>实际座位</translation>
    </message>
    <message>
        <source>Symptoms</source>
        <translation>症状</translation>
    </message>
    <message>
        <source>Fever medicine within {0} hours</source>
        <translation>{0} 小时内服退热药</translation>
    </message>
    <message>
        <source>Met within two weeks</source>
        <translation>14 天内接触史</translation>
    </message>
    <message>
        <source>Cough</source>
        <translation>咳嗽</translation>
    </message>
    <message>
        <source>Sore
throat</source>
        <translation>咽痛</translation>
    </message>
    <message>
        <source>Short of
breath</source>
        <translation>气促</translation>
    </message>
    <message>
        <source>Aches</source>
        <translation>头痛或
肌肉痛</translation>
    </message>
    <message>
        <source>Diarrhoea,
vomiting</source>
        <translation>腹泻
呕吐</translation>
    </message>
    <message>
        <source>Rash</source>
        <translation>皮疹</translation>
    </message>
    <message>
        <source>None taken</source>
        <translation>未服</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>已服</translation>
    </message>
    <message>
        <source>Does not know</source>
        <translation>不详</translation>
    </message>
    <message>
        <source>A confirmed
case</source>
        <translation>确诊
病例</translation>
    </message>
    <message>
        <source>Others with
fever</source>
        <translation>其他
发热者</translation>
    </message>
    <message>
        <source>A place with
an outbreak</source>
        <translation>疫情
地区</translation>
    </message>
    <message>
        <source>Live
animals</source>
        <translation>活体
动物</translation>
    </message>
    <message>
        <source>Unresolved</source>
        <translation>疑似发热</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>No pictures: use the thermometer, check the camera</source>
        <translation>无画面：请用体温计，并检查热像仪</translation>
    </message>
    <message>
        <source>Station fault: use the thermometer, call a technician</source>
        <translation>主机故障：请用体温计，并找技术员</translation>
    </message>
    <message>
        <source>Not carried out</source>
        <translation>未执行</translation>
    </message>
    <message>
        <source>This reading is no body temperature: switch to body mode and measure again</source>
        <translation>此读数不是体温：请切换到体温模式再测</translation>
    </message>
    <message>
        <source>No second reading shows fever: measure again, or clear</source>
        <translation>复测未见发热：请再测或排除</translation>
    </message>
    <message>
        <source>Take a second reading first</source>
        <translation>请先复测</translation>
    </message>
    <message>
        <source>This reading is gone: measure again</source>
        <translation>此读数已失效：请再测</translation>
    </message>
    <message>
        <source>This reading already has its case</source>
        <translation>此读数已录入个案</translation>
    </message>
    <message>
        <source>No threshold order is in force today: tell the shift lead</source>
        <translation>今日无有效阈值规定：请告知值班长</translation>
    </message>
    <message>
        <source>This traveller already has a case</source>
        <translation>该旅客已有个案</translation>
    </message>
    <message>
        <source>This case is gone: choose another one</source>
        <translation>找不到此个案：请另选</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 天</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>as found</source>
        <translation>原有</translation>
    </message>
    <message>
        <source>added</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>regions drawn</source>
        <translation>画定区域</translation>
    </message>
    <message>
        <source>PASS</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>FAIL</source>
        <translation>不合格</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>未完成</translation>
    </message>
    <message>
        <source>Sees the reference source</source>
        <translation>能看到参考源</translation>
    </message>
    <message>
        <source>Error at the source, last minute</source>
        <translation>最近一分钟读数偏差</translation>
    </message>
    <message>
        <source>Drift within ten minutes</source>
        <translation>十分钟内漂移</translation>
    </message>
    <message>
        <source>Noise of a pixel (NETD)</source>
        <translation>像素噪声 (NETD)</translation>
    </message>
    <message>
        <source>Missing or late pictures</source>
        <translation>丢帧或延迟</translation>
    </message>
    <message>
        <source>Three readings of the source</source>
        <translation>对参考源测三次</translation>
    </message>
    <message>
        <source>Linearity: PASS</source>
        <translation>线性检查：合格</translation>
    </message>
    <message>
        <source>Linearity: FAIL, bends towards 37 °C</source>
        <translation>线性检查：不合格，读数偏向 37 °C</translation>
    </message>
    <message>
        <source>Linearity: FAIL, not linear</source>
        <translation>线性检查：不合格，非线性</translation>
    </message>
    <message>
        <source>Linearity: sweep incomplete</source>
        <translation>线性检查：未完成</translation>
    </message>
</context>
<context>
    <name>threshold</name>
    <message>
        <source>Lower</source>
        <translation>调低</translation>
    </message>
    <message>
        <source>Higher</source>
        <translation>调高</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>提议</translation>
    </message>
    <message>
        <source>Confirm
as second person</source>
        <translation>作为第二人
确认</translation>
    </message>
    <message>
        <source>Withdraw
proposal</source>
        <translation>撤回
提议</translation>
    </message>
    <message>
        <source>No threshold is known yet</source>
        <translation>尚不知阈值</translation>
    </message>
    <message>
        <source>Not carried out: look at what is in force, and try again</source>
        <translation>未执行：请核对当前状态后再试</translation>
    </message>
    <message>
        <source>Your own proposal: somebody else signs in and confirms it</source>
        <translation>这是您自己的提议：须由另一人登录后确认</translation>
    </message>
    <message>
        <source>In force: skin {0} °C</source>
        <translation>现行：皮肤 {0} °C</translation>
    </message>
    <message>
        <source>Order {0}: {1} °C</source>
        <translation>规定 {0}：{1} °C</translation>
    </message>
    <message>
        <source>The settings allow {0} to {1} °C</source>
        <translation>允许范围：{0} 至 {1} °C</translation>
    </message>
    <message>
        <source>Changed by {0} and {1}, {2}</source>
        <translation>由 {0} 和 {1} 更改，{2}</translation>
    </message>
    <message>
        <source>No proposal waits.</source>
        <translation>没有待确认的提议。</translation>
    </message>
    <message>
        <source>{0} proposes {1} °C, {2}: a second person confirms it</source>
        <translation>{0} 提议 {1} °C，{2}：须由第二人确认</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在统计…</translation>
    </message>
    <message>
        <source>Second checks since {0}:</source>
        <translation>自 {0} 以来的复测：</translation>
    </message>
    <message>
        <source>{0} more would have been stopped; nobody checked whether with fever</source>
        <translation>会多拦 {0} 人；是否发热无人复测，不得而知</translation>
    </message>
    <message>
        <source>False alarms: too few checks without fever to tell ({0} of {1})</source>
        <translation>误报：未发热的复测太少，无法判断（{0}，需 {1}）</translation>
    </message>
    <message>
        <source>False alarms: {0} now, {1} then, of {2} without fever</source>
        <translation>误报：现为 {0}，改后 {1}，共 {2} 名未发热者</translation>
    </message>
    <message>
        <source>Misses: too few checks with fever to tell ({0} of {1})</source>
        <translation>漏检：发热的复测太少，无法判断（{0}，需 {1}）</translation>
    </message>
    <message>
        <source>Misses: {0} now, {1} then, of {2} with fever</source>
        <translation>漏检：现为 {0}，改后 {1}，共 {2} 名发热者</translation>
    </message>
</context>
<context>
    <name>trail</name>
    <message>
        <source>without fever</source>
        <translation>不发热</translation>
    </message>
    <message>
        <source>room °C</source>
        <translation>室温 °C</translation>
    </message>
    <message>
        <source>by</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>device faults</source>
        <translation>设备故障</translation>
    </message>
    <message>
        <source>what</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>carried over</source>
        <translation>转入</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>with fever</source>
        <translation>发热</translation>
    </message>
    <message>
        <source>from °C</source>
        <translation>原为 °C</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>handed over by</source>
        <translation>交班人</translation>
    </message>
    <message>
        <source>humidity %</source>
        <translation>湿度 %</translation>
    </message>
    <message>
        <source>late cases</source>
        <translation>超时个案</translation>
    </message>
    <message>
        <source>limit °C</source>
        <translation>限值 °C</translation>
    </message>
    <message>
        <source>copied at</source>
        <translation>备份时间</translation>
    </message>
    <message>
        <source>no alert missing until</source>
        <translation>报告齐全至</translation>
    </message>
    <message>
        <source>more stopped</source>
        <translation>多拦人数</translation>
    </message>
    <message>
        <source>note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>false alarms now</source>
        <translation>现误报</translation>
    </message>
    <message>
        <source>misses now</source>
        <translation>现漏检</translation>
    </message>
    <message>
        <source>offered at</source>
        <translation>提出交班</translation>
    </message>
    <message>
        <source>oldest unsent alert</source>
        <translation>最早未送预警</translation>
    </message>
    <message>
        <source>switched</source>
        <translation>开关</translation>
    </message>
    <message>
        <source>open cases</source>
        <translation>未完个案</translation>
    </message>
    <message>
        <source>order °C</source>
        <translation>规定 °C</translation>
    </message>
    <message>
        <source>outdoors °C</source>
        <translation>室外 °C</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>模拟旅客</translation>
    </message>
    <message>
        <source>proposed by</source>
        <translation>提议人</translation>
    </message>
    <message>
        <source>reference °C</source>
        <translation>参考源 °C</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>记录数</translation>
    </message>
    <message>
        <source>alerts set aside</source>
        <translation>被拒收预警</translation>
    </message>
    <message>
        <source>shown °C</source>
        <translation>显示 °C</translation>
    </message>
    <message>
        <source>speed</source>
        <translation>时间倍速</translation>
    </message>
    <message>
        <source>case</source>
        <translation>个案状态</translation>
    </message>
    <message>
        <source>taken over by</source>
        <translation>接班人</translation>
    </message>
    <message>
        <source>temperature °C</source>
        <translation>温度 °C</translation>
    </message>
    <message>
        <source>false alarms then</source>
        <translation>改后误报</translation>
    </message>
    <message>
        <source>misses then</source>
        <translation>改后漏检</translation>
    </message>
    <message>
        <source>threshold °C</source>
        <translation>阈值 °C</translation>
    </message>
    <message>
        <source>to °C</source>
        <translation>改为 °C</translation>
    </message>
    <message>
        <source>not checked today</source>
        <translation>今日未核查</translation>
    </message>
    <message>
        <source>unfinished cases</source>
        <translation>未完个案</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>alerts waiting</source>
        <translation>待送预警</translation>
    </message>
    <message>
        <source>of what</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>nothing missing until</source>
        <translation>无缺失至</translation>
    </message>
    <message>
        <source>accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>account made</source>
        <translation>新建账户</translation>
    </message>
    <message>
        <source>all that could be read</source>
        <translation>所有可读出的内容</translation>
    </message>
    <message>
        <source>rows of this trail</source>
        <translation>审计记录行</translation>
    </message>
    <message>
        <source>audit trail as a file</source>
        <translation>审计记录导出</translation>
    </message>
    <message>
        <source>backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>begun</source>
        <translation>已开始</translation>
    </message>
    <message>
        <source>blocked</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>card</source>
        <translation>卡</translation>
    </message>
    <message>
        <source>cases</source>
        <translation>个案</translation>
    </message>
    <message>
        <source>steps of cases</source>
        <translation>个案步骤</translation>
    </message>
    <message>
        <source>all faults off</source>
        <translation>清除全部故障</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>shutter correction</source>
        <translation>快门校正</translation>
    </message>
    <message>
        <source>daily checks</source>
        <translation>每日核查</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>shift handed over</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>ambulance accepted</source>
        <translation>120 已派车</translation>
    </message>
    <message>
        <source>arrived at the clinic</source>
        <translation>已到达发热门诊</translation>
    </message>
    <message>
        <source>ambulance departed</source>
        <translation>120 已接走旅客</translation>
    </message>
    <message>
        <source>traveller left</source>
        <translation>旅客自行离开</translation>
    </message>
    <message>
        <source>ambulance called</source>
        <translation>已呼叫 120</translation>
    </message>
    <message>
        <source>in the isolation room</source>
        <translation>已进隔离室</translation>
    </message>
    <message>
        <source>made</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>card taken away</source>
        <translation>注销卡</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>alerts</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>late:</source>
        <translation>超时：</translation>
    </message>
    <message>
        <source>set at its panel</source>
        <translation>面板设定</translation>
    </message>
    <message>
        <source>passages</source>
        <translation>通行记录</translation>
    </message>
    <message>
        <source>passages as a file</source>
        <translation>通行记录导出</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>power off and on</source>
        <translation>断电再通电</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>提议</translation>
    </message>
    <message>
        <source>second reading</source>
        <translation>复测</translation>
    </message>
    <message>
        <source>registered</source>
        <translation>已登记</translation>
    </message>
    <message>
        <source>registered with identity</source>
        <translation>已登记（含身份信息）</translation>
    </message>
    <message>
        <source>rest</source>
        <translation>休息</translation>
    </message>
    <message>
        <source>rest ended</source>
        <translation>休息结束</translation>
    </message>
    <message>
        <source>restarted</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>put back in place</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>signed in again</source>
        <translation>重新登录</translation>
    </message>
    <message>
        <source>signed in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>signed out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>support bundle</source>
        <translation>诊断包</translation>
    </message>
    <message>
        <source>taken back:</source>
        <translation>撤销：</translation>
    </message>
    <message>
        <source>to</source>
        <translation>至</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>unblocked</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>only what must not wait</source>
        <translation>仅紧要内容</translation>
    </message>
    <message>
        <source>withdrawn</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开启</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>typing</name>
    <message>
        <source>Erase</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Which thermometer?</source>
        <translation>用的是哪种体温计？</translation>
    </message>
    <message>
        <source>Type the same reading again</source>
        <translation>请再输入一遍同一读数</translation>
    </message>
    <message>
        <source>Type its reading</source>
        <translation>输入读数</translation>
    </message>
</context>
<context>
    <name>viewmodels</name>
    <message>
        <source>Measuring</source>
        <translation>测量中</translation>
    </message>
    <message>
        <source>Warm against the crowd</source>
        <translation>高于人群</translation>
    </message>
    <message>
        <source>skin {0} ±{1} °C</source>
        <translation>皮肤 {0} ±{1} °C</translation>
    </message>
    <message>
        <source>The station cannot write to its disk: call a technician</source>
        <translation>主机无法写入磁盘：请找技术员</translation>
    </message>
    <message>
        <source>the disk lost {0} messages: call a technician</source>
        <translation>磁盘丢失了 {0} 条消息：请找技术员</translation>
    </message>
    <message>
        <source>The picture is late: {0} s old</source>
        <translation>画面延迟：{0} 秒前</translation>
    </message>
    <message>
        <source>Damaged ledger: {0} % is saved, wait</source>
        <translation>台账曾损坏：已转入 {0} %，请稍候</translation>
    </message>
    <message>
        <source>Lane {0}: fault</source>
        <translation>通道 {0}：故障</translation>
    </message>
    <message>
        <source>Show lane {0}</source>
        <translation>查看通道 {0}</translation>
    </message>
    <message>
        <source>Reference: unknown</source>
        <translation>参考源：未知</translation>
    </message>
    <message>
        <source>CDC: unknown</source>
        <translation>疾控：未知</translation>
    </message>
    <message>
        <source>the ledger was damaged: see Devices, Station</source>
        <translation>台账曾损坏：见“设备”页“主机”</translation>
    </message>
    <message>
        <source>{0} waiting for {1}</source>
        <translation>待送 {0}，已等 {1}</translation>
    </message>
    <message>
        <source>{0} rejected: call a technician</source>
        <translation>被拒 {0}：请找技术员</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>正在重试</translation>
    </message>
    <message>
        <source>Station: no answer</source>
        <translation>主机：无应答</translation>
    </message>
    <message>
        <source>Devices: {0} ready</source>
        <translation>设备：{0} 台就绪</translation>
    </message>
    <message>
        <source>(+{0} more)</source>
        <translation>（+{0}）</translation>
    </message>
    <message>
        <source>The connection broke: check whether your last touch was carried out</source>
        <translation>连接中断：请确认刚才的操作是否完成</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Case {0}</source>
        <translation>个案 {0}</translation>
    </message>
    <message>
        <source>Second readings: {0}</source>
        <translation>复测：{0}</translation>
    </message>
    <message>
        <source>Lane {0} · readings {1}/{2} · {3}</source>
        <translation>通道 {0} · 复测 {1}/{2} · {3}</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>{0}: no body temperature</source>
        <translation>{0}：非体温</translation>
    </message>
    <message>
        <source>{0}: set to body mode, repeat</source>
        <translation>{0}：请切换到体温模式再测</translation>
    </message>
    <message>
        <source>Attach {0}</source>
        <translation>录入 {0}</translation>
    </message>
    <message>
        <source>typed in</source>
        <translation>手工输入</translation>
    </message>
    <message>
        <source>{0} · {1} ago</source>
        <translation>{0} · {1} 前</translation>
    </message>
    <message>
        <source>{0} · {1} ago, before the flag</source>
        <translation>{0} · {1} 前，早于预警</translation>
    </message>
    <message>
        <source>{0}, not checked today</source>
        <translation>{0}，今日未核查</translation>
    </message>
    <message>
        <source>mouth about {0} ±{1} °C (model {2})</source>
        <translation>口腔温度约 {0} ±{1} °C（模型 {2}）</translation>
    </message>
    <message>
        <source>Attach both: {0} and {1} °C</source>
        <translation>一并录入：{0} 和 {1} °C</translation>
    </message>
</context>
<context>
    <name>watches</name>
    <message>
        <source>Not measured: {0}</source>
        <translation>未测到：{0}</translation>
    </message>
    <message>
        <source>Not measured: {0} · warm: {1}</source>
        <translation>未测到：{0} · 偏高：{1}</translation>
    </message>
    <message>
        <source>{0} · lane {1} · {2}</source>
        <translation>{0} · 通道 {1} · {2}</translation>
    </message>
    <message>
        <source>{0} °C above the crowd: measure again</source>
        <translation>比人群高 {0} °C：请再测</translation>
    </message>
    <message>
        <source>Has rested: measure again now</source>
        <translation>已休息：现在再测</translation>
    </message>
    <message>
        <source>Rest {0}, then measure again</source>
        <translation>休息 {0} 后再测</translation>
    </message>
    <message>
        <source>{0} reads {1} °C higher than {2}: clean both lenses, check the reference sources, repeat the daily check</source>
        <translation>{0} 比 {2} 高 {1} °C：擦拭两台镜头，检查参考源，重做每日核查</translation>
    </message>
    <message>
        <source>{0} reads {1} °C higher than the other cameras: clean its lens, check its reference source, repeat the daily check</source>
        <translation>{0} 比其他热像仪高 {1} °C：擦拭镜头，检查参考源，重做每日核查</translation>
    </message>
    <message>
        <source>{0} reads {1} °C lower than the other cameras: clean its lens, check its reference source, repeat the daily check</source>
        <translation>{0} 比其他热像仪低 {1} °C：擦拭镜头，检查参考源，重做每日核查</translation>
    </message>
    <message>
        <source>outside {0} °C</source>
        <translation>室外 {0} °C</translation>
    </message>
</context>
<context>
    <name>writing</name>
    <message>
        <source>Capital
letter</source>
        <translation>大写
字母</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Next
line</source>
        <translation>下一栏</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Letters</source>
        <translation>字母</translation>
    </message>
    <message>
        <source>Signs</source>
        <translation>符号</translation>
    </message>
    <message>
        <source>Latin
letters</source>
        <translation>拉丁
字母</translation>
    </message>
    <message>
        <source>Chinese
by pinyin</source>
        <translation>拼音
汉字</translation>
    </message>
</context>
</TS>
