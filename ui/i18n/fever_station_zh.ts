<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
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
        <source>Not measured, check by hand: {0}</source>
        <translation>未测到，请手工测温：{0}</translation>
    </message>
    <message>
        <source>Confirm fever</source>
        <translation>确认发热</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Left / unclear</source>
        <translation>离开／不明</translation>
    </message>
    <message>
        <source>Measure with the thermometer</source>
        <translation>请用体温计测量</translation>
    </message>
    <message>
        <source>Attach {0}</source>
        <translation>登记 {0}</translation>
    </message>
</context>
<context>
    <name>header</name>
    <message>
        <source>Fever screening</source>
        <translation>发热筛查</translation>
    </message>
    <message>
        <source>中文</source>
        <translation>English</translation>
    </message>
</context>
<context>
    <name>lane</name>
    <message>
        <source>Lane {0} · {1} pictures/s</source>
        <translation>通道 {0} · 每秒 {1} 幅</translation>
    </message>
    <message>
        <source>Triage aid, not a diagnosis. Skin temperature, not body.</source>
        <translation>辅助筛查，非诊断。显示皮肤温度，非体温。</translation>
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
    <name>texts</name>
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
        <source>Camera gives no temperatures</source>
        <translation>相机无温度数据</translation>
    </message>
    <message>
        <source>Camera picture is frozen</source>
        <translation>相机画面冻结</translation>
    </message>
    <message>
        <source>One moment, please</source>
        <translation>请稍候</translation>
    </message>
    <message>
        <source>Camera is warming up</source>
        <translation>相机预热中</translation>
    </message>
    <message>
        <source>Reference source not in view</source>
        <translation>看不到参考源</translation>
    </message>
    <message>
        <source>Reference source unsteady</source>
        <translation>参考源不稳定</translation>
    </message>
    <message>
        <source>Reference source far off</source>
        <translation>参考源偏差过大</translation>
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
        <source>Take off glasses</source>
        <translation>请摘下眼镜</translation>
    </message>
    <message>
        <source>Too cold or too hot: rest first</source>
        <translation>过冷或过热：请先休息</translation>
    </message>
    <message>
        <source>Readings disagree</source>
        <translation>读数不一致</translation>
    </message>
    <message>
        <source>Passed too quickly</source>
        <translation>通过太快</translation>
    </message>
    <message>
        <source>No threshold order in force</source>
        <translation>无有效阈值规定</translation>
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
        <translation>相机故障：请用体温计</translation>
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
        <source>Reference: unsteady</source>
        <translation>参考源：不稳定</translation>
    </message>
    <message>
        <source>Reference: far off</source>
        <translation>参考源：偏差过大</translation>
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
        <source>CDC: refused, call a technician</source>
        <translation>疾控：被拒绝，请叫技术员</translation>
    </message>
    <message>
        <source>Waiting for second check</source>
        <translation>等待复测</translation>
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
        <source>Cleared</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>Unresolved</source>
        <translation>未决</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>连接中</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>断开</translation>
    </message>
    <message>
        <source>No pictures: use the thermometer, check the camera</source>
        <translation>无画面：请用体温计，并检查相机</translation>
    </message>
    <message>
        <source>Station fault: use the thermometer, call a technician</source>
        <translation>系统故障：请用体温计，并叫技术员</translation>
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
        <source>A second reading with fever cannot be cleared: confirm it</source>
        <translation>复测发热，不能排除：请确认</translation>
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
        <translation>此读数已登记</translation>
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
        <translation>此个案已不在：请另选</translation>
    </message>
</context>
<context>
    <name>viewmodels</name>
    <message>
        <source>Measuring</source>
        <translation>测量中</translation>
    </message>
    <message>
        <source>skin {0} ±{1} °C</source>
        <translation>皮肤 {0} ±{1} °C</translation>
    </message>
    <message>
        <source>Station not reachable: use the thermometer</source>
        <translation>连接不上主机：请用体温计</translation>
    </message>
    <message>
        <source>The station cannot write to its disk: call a technician</source>
        <translation>主机无法写入磁盘：请叫技术员</translation>
    </message>
    <message>
        <source>The picture is late by {0} s</source>
        <translation>画面延迟 {0} 秒</translation>
    </message>
    <message>
        <source>{0} waiting, {1}</source>
        <translation>待送 {0}，{1}</translation>
    </message>
    <message>
        <source>{0} rejected</source>
        <translation>被退回 {0}</translation>
    </message>
    <message>
        <source>Devices: {0} ready</source>
        <translation>设备：{0} 台就绪</translation>
    </message>
    <message>
        <source>Lane {0} · {1} · {2}</source>
        <translation>通道 {0} · {1} · {2}</translation>
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
        <source>none yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>{0}: no body temperature, switch to body mode</source>
        <translation>{0}：非体温，请切换到体温模式</translation>
    </message>
    <message>
        <source>Traveller {0} · {1}</source>
        <translation>旅客 {0} · {1}</translation>
    </message>
</context>
</TS>
